import { isDeepStrictEqual } from 'node:util'
import { asObject, type JsonObject } from '../../../lib/json.ts'
import type { LedgerEntry } from '../ledger-entry.ts'

/** Final states. An object in a final state never changes again, so its snapshot is always the latest. */
const terminalStatuses = new Set(['canceled', 'incomplete_expired', 'released', 'completed'])

/**
 * Returns the latest of an object's snapshots, in any order of arrival. Stripe's times have whole seconds, so several events can have
 * the same time. `previous_attributes` then decide their order, and if they do not, the ids decide.
 */
export function latestSnapshot(entries: readonly LedgerEntry[]): LedgerEntry | null {
  const final = entries.filter((entry) => entry.status !== null && terminalStatuses.has(entry.status))
  const candidates = final.length > 0 ? final : entries
  const last = Math.max(...candidates.map(({ occurredAt }) => occurredAt.getTime()))
  const tied = candidates.filter(({ occurredAt }) => occurredAt.getTime() === last)
  if (tied.length < 2) return tied[0] ?? null
  const earlier = candidates.filter(({ occurredAt }) => occurredAt.getTime() < last)
  const ends = [finalStates(tied, earlier), withoutFollower(tied), tied].find((some) => some.length > 0) ?? []
  return [...ends].sort(byId).at(-1) ?? null
}

interface Change {
  readonly entry: LedgerEntry
  readonly from: string
  readonly to: string
}

/**
 * Returns the entries whose snapshot is the final state of simultaneous changes.
 *
 * Each change is an edge from one state to the next, and the changes form a walk. The walk ends in the state that is entered once
 * more than it is left. If every state is left as often as it is entered, all changes were undone, and the walk ends where it
 * began.
 *
 * @returns an empty list if the changes do not form one walk: some have not arrived, or a snapshot shows a state that is in no change
 */
function finalStates(tied: readonly LedgerEntry[], earlier: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const changes = tied.flatMap(changeOf)
  const known = new Set(changes.flatMap(({ from, to }) => [from, to]))
  const isKnown = (entry: LedgerEntry) => isCreation(entry) || known.has(canonical(entry.snapshot))
  if (!isOneWalk(changes) || !tied.every(isKnown)) return []
  const count = (state: string, side: 'from' | 'to') => changes.filter((change) => change[side] === state).length
  const ended = changes.filter(({ to }) => count(to, 'to') > count(to, 'from'))
  const end = ended[0]?.to ?? stateBefore(tied, earlier)
  if (ended.some(({ to }) => to !== end)) return []
  return changes.flatMap(({ entry, to }) => (to === end ? [entry] : []))
}

function stateBefore(tied: readonly LedgerEntry[], earlier: readonly LedgerEntry[]): string | null {
  const start = tied.find(isCreation) ?? latestSnapshot(earlier)
  return start && canonical(start.snapshot)
}

function changeOf(entry: LedgerEntry): Change[] {
  const { previous, snapshot } = entry
  return previous ? [{ entry, from: canonical(applyPatch(snapshot, previous)), to: canonical(snapshot) }] : []
}

/** Returns whether all changes are connected, in either direction. */
function isOneWalk(changes: readonly Change[]): boolean {
  const reached = new Set(changes.slice(0, 1).map(({ from }) => from))
  for (let before = -1; before < reached.size;) {
    before = reached.size
    for (const { from, to } of changes) if (reached.has(from) || reached.has(to)) reached.add(from).add(to)
  }
  return changes.every(({ from }) => reached.has(from))
}

/**
 * Serialises a state so that equal states are equal strings. Null and absent count as equal: Stripe reports null as the previous
 * value of a key that was added to a hash.
 */
function canonical(state: JsonObject): string {
  return JSON.stringify(state, (_key, value: unknown) => {
    const hash = asObject(value)
    return hash
      ? Object.fromEntries(
          Object.entries(hash)
            .filter(([, inner]) => inner !== null)
            .sort(),
        )
      : value
  })
}

/** Merges `previous_attributes` into a snapshot. Stripe sends the changed keys of hashes and whole lists. */
function applyPatch(whole: JsonObject, part: JsonObject): JsonObject {
  const changed = Object.entries(part).map(([key, value]) => {
    const [inner, outer] = [asObject(value), Object.hasOwn(whole, key) ? asObject(whole[key]) : null]
    return [key, inner && outer ? applyPatch(outer, inner) : value]
  })
  return { ...whole, ...(Object.fromEntries(changed) as JsonObject) }
}

/** Returns the entries that no other entry follows. */
function withoutFollower(tied: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return tied.filter((entry) => !tied.some((other) => other !== entry && follows(other, entry)))
}

/** Returns whether one entry changes the state of the other. False for two that change the same key back and forth. */
function follows(later: LedgerEntry, earlier: LedgerEntry): boolean {
  if (isCreation(earlier) !== isCreation(later)) return isCreation(earlier)
  return changesFrom(later, earlier) && !changesFrom(earlier, later)
}

function changesFrom(later: LedgerEntry, earlier: LedgerEntry): boolean {
  const { previous } = later
  // An empty change has no earlier state.
  if (previous === null || isDeepStrictEqual(applyPatch(later.snapshot, previous), later.snapshot)) return false
  return isDeepStrictEqual(applyPatch(earlier.snapshot, previous), earlier.snapshot)
}

const isCreation = ({ type }: LedgerEntry): boolean => type.endsWith('.created')

const byId = (a: LedgerEntry, b: LedgerEntry): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** Groups entries by object id. */
export function byObject(entries: readonly LedgerEntry[], prefix: string): Map<string, LedgerEntry[]> {
  const groups = new Map<string, LedgerEntry[]>()
  for (const entry of entries) {
    const { objectId } = entry
    if (!entry.type.startsWith(prefix) || objectId === null) continue
    groups.set(objectId, [...(groups.get(objectId) ?? []), entry])
  }
  return groups
}
