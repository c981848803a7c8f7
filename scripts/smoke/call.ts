import type { Flaw } from '../local/identity/mint-token.ts'

/** Who makes a call: nobody, a persona by name, the program, or somebody with a token that has one flaw. */
export type Caller = string | null | { readonly flawed: Flaw }

/** What a call takes for granted; where it is not so, the call is left out and the table says why. */
export type Need = 'demo' | 'local payments' | 'open teasers' | 'development' | 'production'

export interface Call {
  /** The row of the table and the heading in requests.http. */
  readonly name: string
  readonly as: Caller
  readonly needs: readonly Need[]
  readonly method: 'GET' | 'POST' | 'OPTIONS'
  /** From the root of the API; `{{name}}` in it, in a header or in a variable stands for a remembered value. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly graphql?: { readonly query: string; readonly variables?: Readonly<Record<string, unknown>> | undefined }
  readonly status: number
  /** What must be found where: `data.…` and `errors.…` of the answer's JSON, `headers.…` in small letters. */
  readonly finds: Readonly<Record<string, unknown>>
  /** What later calls use, by the place where it stands in this answer. */
  readonly remembers: Readonly<Record<string, string>>
}

/** A condition in words, for what no single value says. */
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

/** Without tags. */
const plain = (html: string): string => html.replace(/<[^>]*>/g, '').trim()

type Rest = Partial<Pick<Call, 'needs' | 'status' | 'remembers'>> & { readonly variables?: Record<string, unknown> }

const json = { 'content-type': 'application/json' }

/** A GraphQL operation by POST; 200 unless said otherwise. White space in the query does not count. */
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

/** Anything else over HTTP, without a token and a body. */
export function http(
  name: string,
  method: 'GET' | 'OPTIONS',
  path: string,
  { headers = {}, status = 200, finds }: { headers?: Call['headers']; status?: number; finds: Call['finds'] },
): Call {
  return { name, as: null, needs: [], method, path, headers, status, finds, remembers: {} }
}
