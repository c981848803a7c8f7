import { isDeepStrictEqual } from 'node:util'
import { asObject, objectOf, type LedgerEntry, type Loose } from './ledger-entry.ts'

/** No news comes after these: what is over stays over, whatever else arrives and whatever time it bears. */
const terminal = new Set(['canceled', 'incomplete_expired', 'released', 'completed'])

/**
 * The one of an object's snapshots that came last where it was made, whatever order they arrived in. Times are whole
 * seconds, so that several may bear the same: then the one that the others' `previous_attributes` do not look back on.
 */
export function latestSnapshot(entries: readonly LedgerEntry[]): LedgerEntry | null {
  const final = entries.filter((entry) => terminal.has(String(objectOf(entry).status)))
  const candidates = final.length > 0 ? final : entries
  const last = Math.max(...candidates.map(({ occurredAt }) => occurredAt.getTime()))
  const tied = candidates.filter(({ occurredAt }) => occurredAt.getTime() === last)
  const unsurpassed = tied.filter((entry) => !tied.some((other) => other !== entry && follows(other, entry)))
  return [...(unsurpassed.length > 0 ? unsurpassed : tied)].sort(byId).at(-1) ?? null
}

/** Whether one is a change of what the other shows. Two that change the same thing back and forth say nothing: their ids decide. */
function follows(later: LedgerEntry, earlier: LedgerEntry): boolean {
  if (earlier.type.endsWith('.created') !== later.type.endsWith('.created')) return earlier.type.endsWith('.created')
  return looksBackOn(later, earlier) && !looksBackOn(earlier, later)
}

function looksBackOn(later: LedgerEntry, earlier: LedgerEntry): boolean {
  const previous = asObject(later.payload.data?.previous_attributes)
  return previous !== null && Object.keys(previous).length > 0 && isPartOf(previous, objectOf(earlier))
}

/** Hashes are given in part, lists in whole. */
function isPartOf(part: Loose, whole: Loose): boolean {
  return Object.entries(part).every(([key, value]) => {
    const [inner, outer] = [asObject(value), asObject(whole[key])]
    return inner && outer ? isPartOf(inner, outer) : isDeepStrictEqual(value, whole[key])
  })
}

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
