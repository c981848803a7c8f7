import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { HttpError } from '../../shared/local-app.ts'
import { advanceTo } from '../billing/due.ts'
import { StripeProblem } from '../problem.ts'
import { newId } from '../state/ids.ts'
import { apiVersion, type Provider } from '../state/provider.ts'
import { expand } from './expand.ts'
import { parseForm } from './form.ts'
import { answerOnce, type Kept } from './idempotency.ts'
import { checkParameters } from './parameters.ts'
import type { Call, Route } from './route.ts'
import { routes } from './routes.ts'

/** Returns a plugin that answers the requests to `/v1/…` in Stripe's shapes. */
export const apiRoutes =
  (provider: Provider) =>
  async (app: FastifyInstance): Promise<void> => {
    app.addHook('onRequest', async (request) => {
      checkKey(request, provider.settings.secretKey)
      checkVersion(request)
    })
    app.setErrorHandler((error, _request, reply) => send(reply, { ...asAnswer(error), requestId: newRequestId() }))
    app.setNotFoundHandler((request, reply) =>
      send(reply, { ...asAnswer(unknownAddress(request)), requestId: newRequestId() }),
    )
    for (const route of routes) {
      app.route<{ Params: { id?: string }; Body: string | undefined }>({
        method: route.method,
        url: route.path,
        exposeHeadRoute: false,
        handler: (request, reply) => {
          const { id = '' } = request.params
          const [path = '', search = ''] = request.url.split(/\?(.*)/s)
          const text = route.method === 'POST' ? (request.body ?? '') : search
          const key = route.method === 'POST' ? header(request, 'idempotency-key') : undefined
          return send(reply, answer(provider, route, { id, path, text, key }))
        },
      })
    }
  }

interface Asked {
  readonly id: string
  readonly path: string
  /** The parameters in form encoding. */
  readonly text: string
  /** The idempotency key. */
  readonly key: string | undefined
}

interface ApiAnswer extends Kept {
  readonly requestId: string
  /** The answer was stored for an earlier request with the same idempotency key. */
  readonly replayed?: boolean
}

function answer(provider: Provider, route: Route, { id, path, text, key }: Asked): ApiAnswer {
  const requestId = newRequestId()
  // Work that fell due since the last request comes first. From here on everything is synchronous, so requests cannot interleave.
  advanceTo(provider, provider.clock.now())
  const work = () => run(provider, route, id, text, { id: requestId, idempotency_key: key ?? null })
  if (key === undefined) return { ...work(), requestId }
  const fingerprint = createHash('sha256').update(`${route.method} ${path}\n${text}`).digest('base64')
  return answerOnce(provider, { key, fingerprint, requestId }, work)
}

function checkKey(request: FastifyRequest, expected: string): void {
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

/** Refuses other versions of the API: their clients would misread the shapes of this one. */
function checkVersion(request: FastifyRequest): void {
  const given = header(request, 'stripe-version')
  if (given === apiVersion) return
  throw new StripeProblem(400, {
    type: 'invalid_request_error',
    message: `The local payment provider supports Stripe-Version ${apiVersion}. The request has ${given ?? 'none'}.`,
  })
}

const unknownAddress = ({ method, url }: FastifyRequest) =>
  new StripeProblem(
    404,
    { type: 'invalid_request_error', message: `Unrecognized request URL (${method}: ${url.split('?', 1)[0] ?? ''}).` },
    true,
  )

function run(provider: Provider, route: Route, id: string, text: string, request: Provider['request']): Kept {
  try {
    const params = checkParameters(route.shape, parseForm(text))
    provider.request = request
    const result = provider.store.transact(() => route.answer({ provider, params, id } as Call<never>))
    return { status: 200, body: JSON.stringify(expand(provider, result, params.expand ?? [])), beforehand: false }
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
  if (error instanceof HttpError) {
    const body = { error: { type: 'invalid_request_error', message: error.message } }
    return { status: error.statusCode, body: JSON.stringify(body), beforehand: true }
  }
  console.error('Payment provider:', error)
  const body = {
    error: { type: 'api_error', message: 'The local payment provider failed. See its log in the terminal.' },
  }
  return { status: 500, body: JSON.stringify(body), beforehand: true }
}

function send(reply: FastifyReply, { status, body, requestId, replayed = false }: ApiAnswer): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'request-id': requestId,
      'stripe-version': apiVersion,
      // Only failures of the double itself are worth a retry.
      'stripe-should-retry': String(status >= 500),
      ...(replayed && { 'idempotent-replayed': 'true', 'original-request': requestId }),
    })
    .send(body)
}

const newRequestId = () => newId('req', 14)

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}
