import type { FetchReason } from '../types.ts'

/** A failed fetch. Its cause may name hosts, so it may appear in the log but not in a response. */
export class FetchProblem extends Error {
  readonly reason: FetchReason
  /** The HTTP status, for reason `status`. */
  readonly status?: number | undefined
  /** The system's error code, such as ECONNREFUSED or CERT_HAS_EXPIRED, for reason `unreachable`. */
  readonly code?: string | undefined

  constructor(reason: FetchReason, options: { status?: number; cause?: unknown } = {}) {
    super(`fetch: ${reason}`, { cause: options.cause })
    this.name = 'FetchProblem'
    this.reason = reason
    this.status = options.status
    this.code = reason === 'unreachable' ? systemCode(options.cause) : undefined
  }
}

/** Returns the system's error code, which is in the cause of a `fetch` error. */
function systemCode(error: unknown): string | undefined {
  const code = memberOf(memberOf(error, 'cause'), 'code')
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : undefined
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined

/**
 * Fetches JSON from the identity provider with limits on time and size. It does not follow redirects, because a redirect could send a
 * token to another host or replace the issuer's keys.
 *
 * @param options.maxBytes maximum size of the response after decompression
 * @throws FetchProblem
 */
export async function fetchJson(
  url: string,
  options: { signal: AbortSignal; maxBytes: number; headers?: Record<string, string> },
): Promise<unknown> {
  const { signal, maxBytes, headers } = options
  try {
    const response = await fetch(url, {
      signal,
      redirect: 'manual',
      headers: { accept: 'application/json', ...headers },
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      const redirected = response.status >= 300 && response.status < 400
      throw new FetchProblem(redirected ? 'redirected' : 'status', { status: response.status })
    }
    return parse(await readBounded(response, maxBytes))
  } catch (error) {
    if (error instanceof FetchProblem) throw error
    throw new FetchProblem(signal.aborted ? 'timed_out' : 'unreachable', { cause: error })
  }
}

async function readBounded(response: Response, maxBytes: number): Promise<string> {
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > maxBytes) {
      await reader.cancel()
      throw new FetchProblem('too_large')
    }
    chunks.push(value)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new FetchProblem('not_json', { cause })
  }
}
