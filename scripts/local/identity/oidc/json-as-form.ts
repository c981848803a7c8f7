import { IncomingMessage } from 'node:http'
import { bodyLimit, HttpError } from '../../shared/local-app.ts'

/**
 * Copies a request with a JSON body as a request with a form. Auth0 accepts both at its token endpoint, and its documentation shows
 * JSON. oidc-provider accepts forms only.
 *
 * @throws HttpError 400 if the body is not a flat JSON object, 413 if it is too long
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
  // Without `complete` it would count as aborted, and its end would close the connection.
  copy.complete = true
  copy.push(form)
  copy.push(null)
  return copy
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > bodyLimit) throw new HttpError(413, 'The body is too long.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseFlat(text: string): Record<string, string> {
  try {
    const fields: unknown = JSON.parse(text)
    const entries = Object.entries(fields as object)
    if (!Array.isArray(fields) && entries.every(([, value]) => typeof value === 'string'))
      return Object.fromEntries(entries)
  } catch {
    // Reported below without the body, which may contain a secret.
  }
  throw new HttpError(400, 'The body is not a flat JSON object.')
}
