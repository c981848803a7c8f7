import type { Flaw } from '../local/identity/mint-token.ts'

/** The caller: null for anonymous, a persona or the program by name, or a token with one flaw. */
export type Caller = string | null | { readonly flawed: Flaw }

/** A precondition of a call. A call whose precondition is not fulfilled is skipped, with the reason in the table. */
export type Need = 'demo' | 'local payments' | 'open teasers' | 'development' | 'production'

export interface Call {
  /** The title in the table and in requests.http. */
  readonly name: string
  readonly as: Caller
  readonly needs: readonly Need[]
  readonly method: 'GET' | 'POST' | 'OPTIONS'
  /** The path on the API. `{{name}}` in it, in a header or in a variable is replaced by a remembered value. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly graphql?: { readonly query: string; readonly variables?: Readonly<Record<string, unknown>> | undefined }
  readonly status: number
  /** Expected values by place: `data.…` and `errors.…` in the JSON, `headers.…` in lower case. */
  readonly finds: Readonly<Record<string, unknown>>
  /** Values for later calls: names by the place in this response. */
  readonly remembers: Readonly<Record<string, string>>
}

/** A condition with a description, for expectations that are not a single value. */
export class Wanted {
  readonly says: string
  readonly holds: (value: unknown) => boolean

  constructor(says: string, holds: (value: unknown) => boolean) {
    this.says = says
    this.holds = holds
  }
}

export const present = new Wanted('something', (value) => value !== undefined && value !== null)
export const absent = new Wanted('nothing', (value) => value === undefined)
export const items = (count: number): Wanted =>
  new Wanted(`${count} items`, (value) => Array.isArray(value) && value.length === count)
export const endingWith = (end: string): Wanted =>
  new Wanted(`a text that ends in "${end}"`, (value) => typeof value === 'string' && plain(value).endsWith(end))
export const holding = (part: string): Wanted =>
  new Wanted(`a text with "${part}"`, (value) => typeof value === 'string' && value.includes(part))

/** Removes tags. */
const plain = (html: string): string => html.replace(/<[^>]*>/g, '').trim()

type Rest = Partial<Pick<Call, 'needs' | 'status' | 'remembers'>> & { readonly variables?: Record<string, unknown> }

const json = { 'content-type': 'application/json' }

/** Creates a call of a GraphQL operation by POST. Default status 200. White space in the query is irrelevant. */
export function ask(
  name: string,
  as: Caller,
  query: string,
  finds: Call['finds'],
  { needs = [], status = 200, remembers = {}, variables }: Rest = {},
): Call {
  const graphql = { query: query.replace(/\s+/g, ' ').trim(), variables }
  return { name, as, needs, method: 'POST', path: '/graphql', headers: json, graphql, status, finds, remembers }
}

/** Creates any other HTTP call, without a token and a body. */
export function http(
  name: string,
  method: 'GET' | 'OPTIONS',
  path: string,
  { headers = {}, status = 200, finds }: { headers?: Call['headers']; status?: number; finds: Call['finds'] },
): Call {
  return { name, as: null, needs: [], method, path, headers, status, finds, remembers: {} }
}
