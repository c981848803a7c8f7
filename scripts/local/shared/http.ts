import type { IncomingMessage, ServerResponse } from 'node:http'

/** A refusal that its caller may read. */
export class HttpError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'HttpError'
    this.status = status
  }
}

/** @throws HttpError 400 for what is no address */
export function addressOf(request: IncomingMessage, base: string): URL {
  const target = request.url ?? ''
  if (!URL.canParse(target, base)) throw new HttpError(400, 'The address is not valid.')
  return new URL(target, base)
}

/** The longest body that is read, in bytes. */
const bodyLimit = 56 * 1024

/** @throws HttpError 413 for more than 56 kB */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > bodyLimit) throw new HttpError(413, 'The body is too long.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(JSON.stringify(body))
}
