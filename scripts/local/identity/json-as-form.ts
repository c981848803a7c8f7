import { IncomingMessage } from 'node:http'
import { HttpError, readBody } from '../shared/http.ts'

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
