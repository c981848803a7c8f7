import { missing } from '../problem.ts'
import type { Provider } from '../state/provider.ts'
import type { TableName, Tables } from '../state/store.ts'

interface Paging {
  readonly limit?: number | undefined
  readonly starting_after?: string | undefined
}
type Listed = { [T in TableName]: Tables[T] extends { object: string; created: number } ? T : never }[TableName]

/**
 * Returns one page of a list, newest first (https://docs.stripe.com/api/pagination). Of two objects of one second, the later one is
 * first.
 *
 * @param matches the filter of the list
 */
export function pageOf<T extends Listed>(
  { store }: Provider,
  table: T,
  { limit = 10, starting_after: after }: Paging,
  url: string,
  matches: (one: Tables[T]) => boolean = () => true,
) {
  const all = store.all(table).reverse() as (Tables[T] & { id: string; created: number })[]
  all.sort((one, other) => other.created - one.created)
  const from = after === undefined ? 0 : all.findIndex((one) => one.id === after) + 1
  if (after !== undefined && from === 0) throw missing('object', after, 'starting_after', 400)
  const found = all.slice(from).filter(matches)
  return { object: 'list' as const, data: found.slice(0, limit), has_more: found.length > limit, url: `/v1/${url}` }
}

/** Returns the object that the id in a path names. @throws StripeProblem 404 */
export function find<T extends TableName>({ store }: Provider, table: T, id: string, what: string): Tables[T] {
  const found = store.get(table, id)
  if (!found) throw missing(what, id)
  return found
}

/** Returns the object that a parameter names. @throws StripeProblem 400 */
export function need<T extends TableName>({ store }: Provider, table: T, id: string, param: string): Tables[T] {
  const found = store.get(table, id)
  if (!found) throw missing(table, id, param, 400)
  return found
}

/** Returns the object that an optional parameter names, or undefined without the parameter. @throws StripeProblem 400 */
export const named = <T extends TableName>(
  provider: Provider,
  table: T,
  id: string | undefined,
  param: string,
): Tables[T] | undefined => (id === undefined ? undefined : need(provider, table, id, param))
