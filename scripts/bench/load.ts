import { createRequire } from 'node:module'

/** The part of autocannon that is used here. The package has no types. */
interface Autocannon {
  (options: {
    url: string
    method: 'GET' | 'POST'
    headers: Readonly<Record<string, string>>
    body?: string
    connections: number
    duration: number
    workers: number
  }): Promise<{ requests: { average: number }; latency: { p50: number; p99: number }; non2xx: number; errors: number }>
}

const autocannon = createRequire(import.meta.url)('autocannon') as Autocannon

export interface Request {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Measured {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

const connections = 20
const warmUpSeconds = 1

/**
 * Measures requests per second. The load comes from another thread, so that it does not slow the server down.
 *
 * @throws Error if a response is not 2xx, because refusals are fast and would distort the result
 */
export async function measure(request: Request, seconds: number): Promise<Measured> {
  const options = { headers: {}, ...request, connections, workers: 1 }
  await autocannon({ ...options, duration: warmUpSeconds })
  const { requests, latency, non2xx, errors } = await autocannon({ ...options, duration: seconds })
  if (non2xx + errors > 0) throw new Error(`${non2xx + errors} of the responses from ${request.url} were errors`)
  return { perSecond: requests.average, p50: latency.p50, p99: latency.p99 }
}
