import { IncomingMessage, type ServerResponse } from 'node:http'

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

/**
 * A request whose JSON body became a form's. Auth0 takes both at its token endpoint, and its documentation shows JSON;
 * oidc-provider takes forms only.
 *
 * @throws HttpError 400 when the body is no flat JSON object
 */
export async function asForm(request: IncomingMessage): Promise<IncomingMessage> {
  const fields = parseFlat(await readBody(request))
  const form = Buffer.from(new URLSearchParams(fields).toString())
  const copy = new IncomingMessage(request.socket)
  copy.method = request.method
  copy.url = request.url
  copy.httpVersion = request.httpVersion
  copy.headers = {
    ...request.headers,
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(form.length),
  }
  delete copy.headers['transfer-encoding']
  // Not `complete`, it would count as broken off, and its end would take the connection with it.
  copy.complete = true
  copy.push(form)
  copy.push(null)
  return copy
}

function parseFlat(text: string): Record<string, string> {
  try {
    const fields: unknown = JSON.parse(text)
    const entries = Object.entries(fields as object)
    if (!Array.isArray(fields) && entries.every(([, value]) => typeof value === 'string'))
      return Object.fromEntries(entries)
  } catch {
    // Told below, without the body: it may hold a secret.
  }
  throw new HttpError(400, 'The body is not a flat JSON object.')
}
