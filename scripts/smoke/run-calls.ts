import { Wanted, type Call, type Caller, type Need } from './call.ts'

/** The server cannot be reached at all. */
export class NoServer extends Error {}

export interface RunOptions {
  readonly calls: readonly Call[]
  /** Without a final slash. */
  readonly url: string
  /** What `{{name}}` stands for from the start. */
  readonly known: Readonly<Record<string, string>>
  /** The token of a caller; null where such tokens cannot be had. */
  readonly tokenOf: (caller: NonNullable<Caller>) => Promise<string | null>
  /** What this server has; calls that need more are left out. */
  readonly has: ReadonlySet<Need>
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The JSON; null for none. */
  readonly body: unknown
}

export interface CallResult {
  readonly call: Call
  /** Null: left out. */
  readonly answer: Answer | null
  /** What was wrong, or why it was left out; empty: as it should be. */
  readonly problems: readonly string[]
}

const patienceMilliseconds = 10_000

/** Makes the calls, one after the other. @throws NoServer when nobody listens */
export async function* runCalls({ calls, url, known, tokenOf, has }: RunOptions): AsyncGenerator<CallResult> {
  const remembered: Record<string, string> = { ...known }
  for (const call of calls) {
    const lacking = call.needs.find((need) => !has.has(need))
    const token = call.as === null ? null : await tokenOf(call.as)
    if (lacking !== undefined || (call.as !== null && token === null)) {
      yield { call, answer: null, problems: [lacking ? leftOut[lacking] : 'tokens come from a real tenant'] }
      continue
    }
    const answer = await send(url, call, token, remembered)
    const problems = problemsOf(call, answer)
    for (const [name, place] of Object.entries(call.remembers)) remembered[name] = String(at(answer, place))
    yield { call, answer, problems }
  }
}

const leftOut: Readonly<Record<Need, string>> = {
  demo: 'the demo is not published there',
  'open teasers': 'TEASERS=members: nobody without a token sees it',
  development: 'not in production',
  production: 'in production only',
}

async function send(url: string, call: Call, token: string | null, known: Record<string, string>): Promise<Answer> {
  const fill = (text: string) => text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => known[name] ?? '')
  const headers = Object.fromEntries(Object.entries(call.headers).map(([name, value]) => [name, fill(value)]))
  try {
    const response = await fetch(`${url}${fill(call.path)}`, {
      method: call.method,
      headers: { ...headers, ...(token !== null && { authorization: `Bearer ${token}` }) },
      ...(call.graphql && { body: fill(JSON.stringify(call.graphql)) }),
      signal: AbortSignal.timeout(patienceMilliseconds),
    })
    const text = await response.text()
    return { status: response.status, headers: Object.fromEntries(response.headers), body: parse(text) }
  } catch (error) {
    if (error instanceof Error && isRefused(error)) throw new NoServer(url, { cause: error })
    throw error
  }
}

const isRefused = ({ cause }: Error): boolean =>
  cause instanceof Error && 'code' in cause && ['ECONNREFUSED', 'ENOTFOUND'].includes(String(cause.code))

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
    const holds = wanted instanceof Wanted ? wanted.holds(found) : JSON.stringify(found) === JSON.stringify(wanted)
    if (holds) continue
    problems.push(`${place}: ${shown(found)}, wanted ${wanted instanceof Wanted ? wanted.says : shown(wanted)}`)
  }
  return problems
}

/** What stands at a place such as `data.articles.nodes.0.slug`. */
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
