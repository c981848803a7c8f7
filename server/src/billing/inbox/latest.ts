import { isDeepStrictEqual } from 'node:util'
import { asObject, type LedgerEntry, type Loose } from './ledger-entry.ts'

/** No news comes after these: what is over stays over, whatever else arrives and whatever time it bears. */
const terminal = new Set(['canceled', 'incomplete_expired', 'released', 'completed'])

/**
 * The one of an object's snapshots that came last where it was made, whatever order they arrived in. Times are whole
 * seconds, so that several may bear the same: then `previous_attributes` tell which followed which, and where they do not,
 * the ids decide.
 */
export function latestSnapshot(entries: readonly LedgerEntry[]): LedgerEntry | null {
  const final = entries.filter((entry) => entry.status !== null && terminal.has(entry.status))
  const candidates = final.length > 0 ? final : entries
  const last = Math.max(...candidates.map(({ occurredAt }) => occurredAt.getTime()))
  const tied = candidates.filter(({ occurredAt }) => occurredAt.getTime() === last)
  if (tied.length < 2) return tied[0] ?? null
  const earlier = candidates.filter(({ occurredAt }) => occurredAt.getTime() < last)
  const ends = [endsOfChain(tied, earlier), unsurpassed(tied), tied].find((some) => some.length > 0) ?? []
  return [...ends].sort(byId).at(-1) ?? null
}

interface Change {
  readonly entry: LedgerEntry
  readonly from: string
  readonly to: string
}

/**
 * Each change leads from one state to the next, together they are a walk: it ends in the state that is come to once more than
 * it is left, and when there is none, because all was taken back, where it began. None where that is not the whole story:
 * changes between them have not arrived, or something tells of a state that none of them knows.
 */
function endsOfChain(tied: readonly LedgerEntry[], earlier: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const changes = tied.flatMap(changeOf)
  const known = new Set(changes.flatMap(({ from, to }) => [from, to]))
  const isKnown = (entry: LedgerEntry) => isCreation(entry) || known.has(textOf(entry.snapshot))
  if (!isOneWalk(changes) || !tied.every(isKnown)) return []
  const count = (state: string, side: 'from' | 'to') => changes.filter((change) => change[side] === state).length
  const ended = changes.filter(({ to }) => count(to, 'to') > count(to, 'from'))
  const end = ended[0]?.to ?? stateBefore(tied, earlier)
  if (ended.some(({ to }) => to !== end)) return []
  return changes.flatMap(({ entry, to }) => (to === end ? [entry] : []))
}

function stateBefore(tied: readonly LedgerEntry[], earlier: readonly LedgerEntry[]): string | null {
  const start = tied.find(isCreation) ?? latestSnapshot(earlier)
  return start && textOf(start.snapshot)
}

function changeOf(entry: LedgerEntry): Change[] {
  const { previous, snapshot } = entry
  return previous ? [{ entry, from: textOf(overlaid(snapshot, previous)), to: textOf(snapshot) }] : []
}

/** Whether from one of them all others can be come to, forwards or backwards. */
function isOneWalk(changes: readonly Change[]): boolean {
  const met = new Set(changes.slice(0, 1).map(({ from }) => from))
  for (let before = -1; before < met.size;) {
    before = met.size
    for (const { from, to } of changes) if (met.has(from) || met.has(to)) met.add(from).add(to)
  }
  return changes.every(({ from }) => met.has(from))
}

/** One text for one state. What is null may as well not be there: of what was added to a hash the provider says null before. */
function textOf(state: Loose): string {
  return JSON.stringify(state, (_key, value: unknown) => {
    const hash = asObject(value)
    return hash
      ? Object.fromEntries(
          Object.entries(hash)
            .filter(([, one]) => one !== null)
            .sort(),
        )
      : value
  })
}

/** Hashes are given in part, lists in whole. */
function overlaid(whole: Loose, part: Loose): Loose {
  const changed = Object.entries(part).map(([key, value]) => {
    const [inner, outer] = [asObject(value), Object.hasOwn(whole, key) ? asObject(whole[key]) : null]
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
  const { previous } = later
  // What changed nothing looks back on nothing.
  if (previous === null || isDeepStrictEqual(overlaid(later.snapshot, previous), later.snapshot)) return false
  return isDeepStrictEqual(overlaid(earlier.snapshot, previous), earlier.snapshot)
}

const isCreation = ({ type }: LedgerEntry): boolean => type.endsWith('.created')

const byId = (a: LedgerEntry, b: LedgerEntry): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** Entries by the object that they are about. */
export function byObject(entries: readonly LedgerEntry[], prefix: string): Map<string, LedgerEntry[]> {
  const groups = new Map<string, LedgerEntry[]>()
  for (const entry of entries) {
    const { objectId } = entry
    if (!entry.type.startsWith(prefix) || objectId === null) continue
    groups.set(objectId, [...(groups.get(objectId) ?? []), entry])
  }
  return groups
}
