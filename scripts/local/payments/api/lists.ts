import type { z } from 'zod'
import { missing } from '../problem.ts'
import type { Provider } from '../state/provider.ts'
import type { TableName, Tables } from '../state/store.ts'
import type { paging } from './parameters.ts'

type Paging = z.output<z.ZodObject<typeof paging>>
type Listed = { [T in TableName]: Tables[T] extends { object: string; created: number } ? T : never }[TableName]

/** Newest first; of two made in one second the later one first. */
export function newestFirst<T extends Listed>({ store }: Provider, table: T): Tables[T][] {
  const made = store.all(table).reverse() as (Tables[T] & { created: number })[]
  return made.sort((one, other) => other.created - one.created)
}

/** One page of a list, as https://docs.stripe.com/api/pagination has it. */
export function pageOf<T extends Listed>(
  provider: Provider,
  table: T,
  params: Paging,
  url: string,
  keep: (one: Tables[T]) => boolean = () => true,
) {
  const all = newestFirst(provider, table) as (Tables[T] & { id: string; created: number })[]
  const { limit = 10, starting_after, ending_before, created } = params
  const from = starting_after === undefined ? 0 : indexOf(all, starting_after, 'starting_after') + 1
  const to = ending_before === undefined ? all.length : indexOf(all, ending_before, 'ending_before')
  const fits = all.slice(from, to).filter((one) => isWithin(one.created, created) && keep(one))
  const data = ending_before === undefined ? fits.slice(0, limit) : fits.slice(-limit)
  return { object: 'list' as const, data, has_more: fits.length > data.length, url: `/v1/${url}` }
}

function indexOf(all: readonly { id: string }[], id: string, param: string): number {
  const index = all.findIndex((one) => one.id === id)
  if (index < 0) throw missing('object', id, param, 400)
  return index
}

function isWithin(value: number, range: Paging['created']): boolean {
  if (!range) return true
  return (
    (range.gt === undefined || value > range.gt) &&
    (range.gte === undefined || value >= range.gte) &&
    (range.lt === undefined || value < range.lt) &&
    (range.lte === undefined || value <= range.lte)
  )
}

/** The object that the id in a path names. */
export function find<T extends TableName>({ store }: Provider, table: T, id: string, what: string): Tables[T] {
  const found = store.get(table, id)
  if (!found) throw missing(what, id)
  return found
}

/** The object that a parameter names; undefined if it is not given. */
export function named<T extends TableName>(
  { store }: Provider,
  table: T,
  id: string | undefined,
  param: string,
): Tables[T] | undefined {
  if (id === undefined) return undefined
  const found = store.get(table, id)
  if (!found) throw missing(table, id, param, 400)
  return found
}

/** The object that a required parameter names. */
export function need<T extends TableName>(provider: Provider, table: T, id: string, param: string): Tables[T] {
  const found = named(provider, table, id, param)
  if (!found) throw missing(table, id, param, 400)
  return found
}
