import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { advanceTo } from '../billing/due.ts'
import { readBody, sendJson } from '../../shared/http.ts'
import { StripeProblem } from '../problem.ts'
import { newId } from '../state/ids.ts'
import { apiVersion, type Provider } from '../state/provider.ts'
import { expand } from './expand.ts'
import { parseForm } from './form.ts'
import { answerOnce, type Kept } from './idempotency.ts'
import { checkParameters } from './parameters.ts'
import type { Call } from './route.ts'
import { findRoute } from './routes.ts'

/** Answers a request to `/v1/…` in Stripe's shapes. */
export async function answerApi(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const requestId = newId('req', 14)
  try {
    checkKey(request, provider.settings.secretKey)
    checkVersion(request)
    const method = request.method ?? 'GET'
    const text = method === 'POST' ? await readBody(request) : url.search.slice(1)
    const key = method === 'POST' ? (header(request, 'idempotency-key') ?? null) : null
    // What fell due while nobody asked comes first. From here on nothing waits: whatever runs, runs alone.
    advanceTo(provider, provider.clock.now())
    const fingerprint = createHash('sha256').update(`${method} ${url.pathname}\n${text}`).digest('base64')
    const work = () => run(provider, method, url.pathname, text, { id: requestId, idempotency_key: key })
    send(
      response,
      key === null
        ? { ...work(), requestId, replayed: false }
        : answerOnce(provider, { key, fingerprint, requestId }, work),
    )
  } catch (error) {
    send(response, { ...asAnswer(error), requestId, replayed: false })
  }
}

function checkKey(request: IncomingMessage, expected: string): void {
  const [scheme, value = ''] = (header(request, 'authorization') ?? '').split(' ')
  const given =
    scheme === 'Basic'
      ? (Buffer.from(value, 'base64').toString().split(':')[0] ?? '')
      : scheme === 'Bearer'
        ? value
        : ''
  if (given === '') {
    throw new StripeProblem(401, {
      type: 'invalid_request_error',
      message:
        'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth.',
    })
  }
  const [one, other] = [given, expected].map((text) => createHash('sha256').update(text).digest())
  if (one && other && timingSafeEqual(one, other)) return
  throw new StripeProblem(401, {
    type: 'invalid_request_error',
    message: 'Invalid API Key provided. The local payment provider accepts its own key only.',
  })
}

/** Shapes differ from version to version: a client of another one would read this one's answers wrong. */
function checkVersion(request: IncomingMessage): void {
  const given = header(request, 'stripe-version')
  if (given === apiVersion) return
  throw new StripeProblem(400, {
    type: 'invalid_request_error',
    message: `The local payment provider supports Stripe-Version ${apiVersion}. The request has ${given ?? 'none'}.`,
  })
}

function run(provider: Provider, method: string, path: string, text: string, request: Provider['request']): Kept {
  try {
    const found = findRoute(method, path)
    if (!found) {
      throw new StripeProblem(
        404,
        {
          type: 'invalid_request_error',
          message: `Unrecognized request URL (${method}: ${path}).`,
        },
        true,
      )
    }
    const params = checkParameters(found.route.shape, parseForm(text))
    provider.request = request
    const answer = provider.store.transact(() => found.route.answer({ provider, params, id: found.id } as Call<never>))
    if (answer instanceof StripeProblem) return asAnswer(answer)
    return {
      status: 200,
      body: JSON.stringify(expand(provider, answer, (params as { expand?: string[] }).expand ?? [])),
      beforehand: false,
    }
  } catch (error) {
    return asAnswer(error)
  } finally {
    provider.request = { id: null, idempotency_key: null }
  }
}

function asAnswer(error: unknown): Kept {
  if (error instanceof StripeProblem) {
    return { status: error.status, body: JSON.stringify({ error: error.body }), beforehand: error.beforehand }
  }
  console.error('Payment provider:', error)
  const body = {
    error: { type: 'api_error', message: 'The local payment provider failed. See its log in the terminal.' },
  }
  return { status: 500, body: JSON.stringify(body), beforehand: true }
}

function send(
  response: ServerResponse,
  { status, body, requestId, replayed }: Kept & { requestId: string; replayed: boolean },
): void {
  sendJson(response, status, JSON.parse(body) as object, {
    'request-id': requestId,
    'stripe-version': apiVersion,
    // Declines and slips stay what they are; only our own failures are worth another try.
    'stripe-should-retry': String(status >= 500),
    ...(replayed && { 'idempotent-replayed': 'true', 'original-request': requestId }),
  })
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}
