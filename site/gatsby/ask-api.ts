import { setTimeout as sleep } from 'node:timers/promises'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print, type GraphQLFormattedError } from 'graphql'

/** An error that stops the build, with one sentence for its user. */
export class BuildProblem extends Error {}

export interface ApiAnswer<Data> {
  readonly data: Data
  readonly errors: readonly GraphQLFormattedError[]
}

export interface ApiOptions {
  readonly apiUrl: string
  /** Called with a line when the API asks to wait. */
  readonly tell: (line: string) => void
  readonly wait?: (milliseconds: number) => Promise<unknown>
  /** How often in a row the build waits for the API. Default: 15, at most a minute each. */
  readonly patience?: number
  /** Timeout of one request. Default: 30,000. */
  readonly timeoutMilliseconds?: number
}

/**
 * Sends a query to the API as an anonymous reader. After a `Retry-After` (too many requests, not ready) it waits and retries.
 *
 * @throws BuildProblem if the API is unavailable, does not speak GraphQL, or still refuses after the last retry
 */
export async function askApi<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { apiUrl, tell, wait = sleep, patience = 15, timeoutMilliseconds = 30_000 }: ApiOptions,
): Promise<ApiAnswer<Data>> {
  const body = JSON.stringify({ query: print(document), variables })
  for (let tries = 0; ; tries++) {
    const response = await post(apiUrl, body, timeoutMilliseconds)
    const later = retryAfterSeconds(response)
    if (later !== null && tries < patience) {
      tell(`The API is busy or not ready. Waiting ${later} s.`)
      await wait(later * 1000)
      continue
    }
    const answer = await readAnswer<Data>(response)
    if (answer?.data) return { data: answer.data, errors: answer.errors ?? [] }
    const reason = answer?.errors?.[0]?.message ?? `HTTP ${response.status}`
    throw new BuildProblem(`The API at ${apiUrl} refused a query of the site (${reason}).`)
  }
}

async function post(apiUrl: string, body: string, timeoutMilliseconds: number): Promise<Response> {
  try {
    return await fetch(apiUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body,
      signal: AbortSignal.timeout(timeoutMilliseconds),
    })
  } catch (error) {
    throw new BuildProblem(
      `The API at ${apiUrl} does not answer (${codeOf(error)}): start it, or set GATSBY_API_URL to its address.`,
    )
  }
}

/**
 * Returns the code of an error's innermost cause. Without a code it returns the name, as of a timeout, and for a plain Error the message,
 * such as "bad port" for a port that fetch refuses.
 */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown'
  const { cause, code, name, message } = error as Partial<Record<'cause' | 'code' | 'name' | 'message', unknown>>
  if (cause) return codeOf(cause)
  if (typeof code === 'string') return code
  return String(name === 'Error' ? message : name)
}

/** Returns how long to wait, from a second to a minute; null if the API does not ask to wait. */
function retryAfterSeconds({ status, headers }: Response): number | null {
  if (status !== 429 && status !== 503) return null
  const seconds = Number(headers.get('retry-after') ?? 5)
  return Math.min(60, Math.max(1, Number.isFinite(seconds) ? Math.ceil(seconds) : 5))
}

async function readAnswer<Data>(
  response: Response,
): Promise<{ data?: Data | null; errors?: GraphQLFormattedError[] } | null> {
  const text = await response.text().catch(() => '')
  try {
    const answer: unknown = JSON.parse(text)
    return typeof answer === 'object' ? answer : null
  } catch {
    return null
  }
}
