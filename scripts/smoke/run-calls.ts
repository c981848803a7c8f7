import { isDeepStrictEqual } from 'node:util'
import { Wanted, type Call, type Caller, type Need } from './call.ts'

/** The server is not reachable. */
export class NoServer extends Error {}

export interface RunOptions {
  readonly calls: readonly Call[]
  /** Without a final slash. */
  readonly url: string
  /** Initial values of `{{name}}`. */
  readonly known: Readonly<Record<string, string>>
  /** Returns the token of a caller, or null if it cannot be created. */
  readonly tokenOf: (caller: NonNullable<Caller>) => Promise<string | null>
  /** The fulfilled needs. Calls with other needs are skipped. */
  readonly has: ReadonlySet<Need>
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The parsed JSON, or null. */
  readonly body: unknown
}

export interface CallResult {
  readonly call: Call
  readonly outcome: 'ok' | 'wrong' | 'left out'
  /** Null if the call was skipped or got no response. */
  readonly answer: Answer | null
  /** The differences, or the reason why the call was skipped. */
  readonly remarks: readonly string[]
}

const patienceMilliseconds = 10_000

/** Makes the calls one after the other. @throws NoServer if the server is not reachable */
export async function* runCalls({ calls, url, known, tokenOf, has }: RunOptions): AsyncGenerator<CallResult> {
  const remembered: Record<string, string> = { ...known }
  for (const call of calls) {
    const lacking = call.needs.find((need) => !has.has(need))
    const token = call.as === null ? null : await tokenOf(call.as)
    if (lacking !== undefined || (call.as !== null && token === null)) {
      const why = lacking === undefined ? 'tokens of a real tenant are not available' : leftOut[lacking]
      yield { call, outcome: 'left out', answer: null, remarks: [why] }
      continue
    }
    const answer = await send(url, filled(call, remembered), token)
    if (typeof answer === 'string') {
      yield { call, outcome: 'wrong', answer: null, remarks: [answer] }
      continue
    }
    const remarks = problemsOf(filled(call, remembered), answer)
    for (const [name, place] of Object.entries(call.remembers)) remembered[name] = String(at(answer, place))
    yield { call, outcome: remarks.length === 0 ? 'ok' : 'wrong', answer, remarks }
  }
}

const leftOut: Readonly<Record<Need, string>> = {
  demo: 'the server has no demo content',
  'local payments': 'requires the local payment provider',
  'open teasers': 'requires TEASERS=public',
  development: 'not in production',
  production: 'in production only',
}

/** Returns the call with each `{{name}}` replaced. */
function filled(call: Call, known: Readonly<Record<string, string>>): Call {
  const fill = <T>(value: T): T =>
    (typeof value === 'string'
      ? value.replace(/\{\{(\w+)\}\}/g, (_, name: string) => known[name] ?? '')
      : typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Wanted)
        ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fill(inner)]))
        : value) as T
  return fill(call)
}

/** Sends a call. Waits once for `Retry-After`, because the calls exceed the rate limit of their address. */
async function send(url: string, call: Call, token: string | null): Promise<Answer | string> {
  const answer = await sendOnce(url, call, token)
  if (typeof answer === 'string' || answer.status !== 429 || call.status === 429) return answer
  await new Promise((resolve) => setTimeout(resolve, Number(answer.headers['retry-after'] ?? 1) * 1_000))
  return sendOnce(url, call, token)
}

/** Sends a call once. @returns the response, or a description of the failure */
async function sendOnce(
  url: string,
  { path, method, headers, graphql }: Call,
  token: string | null,
): Promise<Answer | string> {
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, ...(token !== null && { authorization: `Bearer ${token}` }) },
      ...(graphql && { body: JSON.stringify(graphql) }),
      signal: AbortSignal.timeout(patienceMilliseconds),
    })
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: parse(await response.text()),
    }
  } catch (error) {
    const { cause, message } = error as { cause?: { code?: unknown; message?: string }; message: string }
    if (unreachable.has(String(cause?.code))) throw new NoServer(url, { cause: error })
    return `no response: ${cause?.message ?? message}`
  }
}

const unreachable = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH'])

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function problemsOf({ status, finds }: Call, answer: Answer): string[] {
  const problems = answer.status === status ? [] : [`status ${answer.status}, wanted ${status}`]
  for (const [place, wanted] of Object.entries(finds)) {
    const found = at(answer, place)
    const holds = wanted instanceof Wanted ? wanted.holds(found) : isDeepStrictEqual(found, wanted)
    if (holds) continue
    problems.push(`${place} is ${shown(found)}, wanted ${wanted instanceof Wanted ? wanted.says : shown(wanted)}`)
  }
  return problems
}

/** Returns the value at a place such as `data.articles.nodes.0.slug`. */
function at({ headers, body }: Answer, place: string): unknown {
  const start: unknown = place.startsWith('headers.') ? { headers } : body
  return place
    .split('.')
    .reduce((value, step) => (typeof value === 'object' && value !== null ? (value as never)[step] : undefined), start)
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
