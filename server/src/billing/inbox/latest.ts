import { isDeepStrictEqual } from 'node:util'
import { asObject, objectOf, type LedgerEntry, type Loose } from './ledger-entry.ts'

/** No news comes after these: what is over stays over, whatever else arrives and whatever time it bears. */
const terminal = new Set(['canceled', 'incomplete_expired', 'released', 'completed'])

/**
 * The one of an object's snapshots that came last where it was made, whatever order they arrived in. Times are whole
 * seconds, so that several may bear the same: then `previous_attributes` tell which followed which, and where they do not,
 * the ids decide.
 */
export function latestSnapshot(entries: readonly LedgerEntry[]): LedgerEntry | null {
  const final = entries.filter((entry) => terminal.has(String(objectOf(entry).status)))
  const candidates = final.length > 0 ? final : entries
  const last = Math.max(...candidates.map(({ occurredAt }) => occurredAt.getTime()))
  const tied = candidates.filter(({ occurredAt }) => occurredAt.getTime() === last)
  if (tied.length < 2) return tied[0] ?? null
  const earlier = candidates.filter(({ occurredAt }) => occurredAt.getTime() < last)
  const ends = [endsOfChain(tied, earlier), unsurpassed(tied), tied].find((some) => some.length > 0) ?? []
  return [...ends].sort(byId).at(-1) ?? null
}

/**
 * Each change leads from one state to the next, together they are a walk: it ends in the state that is come to once more than
 * it is left, and when there is none, because all was taken back, where it began. None where the changes are no one walk.
 */
function endsOfChain(tied: readonly LedgerEntry[], earlier: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const changes = tied.flatMap((entry) => {
    const previous = asObject(entry.payload.data?.previous_attributes)
    return previous ? [{ entry, from: overlaid(objectOf(entry), previous), to: objectOf(entry) }] : []
  })
  const timesMore = (state: Loose) =>
    changes.filter(({ to }) => isDeepStrictEqual(to, state)).length -
    changes.filter(({ from }) => isDeepStrictEqual(from, state)).length
  const ended = changes.filter(({ to }) => timesMore(to) > 0)
  const start = tied.find(isCreation) ?? latestSnapshot(earlier)
  const end = ended[0]?.to ?? (start ? objectOf(start) : null)
  if (ended.some(({ to }) => !isDeepStrictEqual(to, end))) return []
  return changes.flatMap(({ entry, to }) => (isDeepStrictEqual(to, end) ? [entry] : []))
}

/** Hashes are given in part, lists in whole. */
function overlaid(whole: Loose, part: Loose): Loose {
  const changed = Object.entries(part).map(([key, value]) => {
    const [inner, outer] = [asObject(value), asObject(whole[key])]
    return [key, inner && outer ? overlaid(outer, inner) : value]
  })
  return { ...whole, ...(Object.fromEntries(changed) as Loose) }
}

/** Those that no other is a change of. */
function unsurpassed(tied: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return tied.filter((entry) => !tied.some((other) => other !== entry && follows(other, entry)))
}

/** Whether one is a change of what the other shows. Two that change the same thing back and forth say nothing: their ids decide. */
function follows(later: LedgerEntry, earlier: LedgerEntry): boolean {
  if (isCreation(earlier) !== isCreation(later)) return isCreation(earlier)
  return looksBackOn(later, earlier) && !looksBackOn(earlier, later)
}

function looksBackOn(later: LedgerEntry, earlier: LedgerEntry): boolean {
  const previous = asObject(later.payload.data?.previous_attributes)
  return previous !== null && Object.keys(previous).length > 0 && isPartOf(previous, objectOf(earlier))
}

function isPartOf(part: Loose, whole: Loose): boolean {
  return Object.entries(part).every(([key, value]) => {
    const [inner, outer] = [asObject(value), asObject(whole[key])]
    return inner && outer ? isPartOf(inner, outer) : isDeepStrictEqual(value, whole[key])
  })
}

const isCreation = ({ type }: LedgerEntry): boolean => type.endsWith('.created')

const byId = (a: LedgerEntry, b: LedgerEntry): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** Entries by the object that they are about. */
export function byObject(entries: readonly LedgerEntry[], prefix: string): Map<string, LedgerEntry[]> {
  const groups = new Map<string, LedgerEntry[]>()
  for (const entry of entries) {
    const { id } = objectOf(entry)
    if (!entry.type.startsWith(prefix) || typeof id !== 'string') continue
    groups.set(id, [...(groups.get(id) ?? []), entry])
  }
  return groups
}
