import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpError } from '../../shared/local-app.ts'
import { closeDispute, openDispute } from '../billing/money-back.ts'
import { missing, StripeProblem } from '../problem.ts'
import type { Provider } from '../state/provider.ts'
import type { Webhooks } from '../webhooks/queue.ts'
import type { ClockStream } from './clock-stream.ts'
import { clockState, type MoveClock } from './move-clock.ts'
import { personaShape } from './persona-parts.ts'
import { putPersona } from './persona.ts'
import { stateOf } from './state.ts'

export interface ControlParts {
  readonly provider: Provider
  readonly webhooks: Webhooks
  readonly stream: ClockStream
  readonly move: MoveClock
}

const shapes = {
  clock: z.union([z.strictObject({ advanceMilliseconds: z.number().int() }), z.strictObject({ to: z.string() })]),
  ack: z.strictObject({ listener: z.string(), sequence: z.number().int() }),
  webhooks: z.strictObject({ paused: z.boolean() }),
  dispute: z.union([
    z.strictObject({ chargeId: z.string(), reason: z.string().default('fraudulent') }),
    z.strictObject({ disputeId: z.string(), outcome: z.enum(['lost', 'won']) }),
  ]),
}

/** Returns a plugin with the requests that only this double has, under `/_local/`: without a key, JSON in and out. */
export const controlRoutes =
  ({ provider, webhooks, stream, move }: ControlParts) =>
  async (app: FastifyInstance): Promise<void> => {
    // A form of another site cannot send JSON, and a script of another site would need a preflight.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('application/json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'))
    app.setErrorHandler((error: FastifyError | StripeProblem, _request, reply) => {
      if (error instanceof StripeProblem) return reply.code(error.status).send({ error: error.body })
      const { statusCode = 500, message } = error
      if (statusCode >= 500) console.error('Payment provider:', error)
      return reply.code(statusCode).send({ error: { message } })
    })
    app.setNotFoundHandler(({ method, url }, reply) =>
      reply.code(404).send({ error: { message: `There is no ${method} ${url}.` } }),
    )
    app.get('/clock', () => clockState(provider))
    app.post('/clock', (request) => move(bodyOf(request, shapes.clock)))
    app.get('/clock/stream', (_request, reply) => {
      reply.hijack()
      stream.listen(reply.raw, provider.clock.offsetMilliseconds)
    })
    app.post('/clock/ack', (request) => {
      const { listener, sequence } = bodyOf(request, shapes.ack)
      if (!stream.acknowledge(listener, sequence)) throw missing('listener', listener, 'listener')
      return { listener, sequence }
    })
    app.get('/webhooks', () => queueOf(provider))
    app.post('/webhooks', (request) => {
      const { paused } = bodyOf(request, shapes.webhooks)
      webhooks.pause(paused)
      return { paused }
    })
    app.post('/webhooks/flush', async () => {
      await webhooks.flush()
      return queueOf(provider)
    })
    app.post('/subscriptions', (request) => putPersona(provider, bodyOf(request, personaShape)))
    app.post('/disputes', (request) => dispute(provider, bodyOf(request, shapes.dispute)))
    app.get('/state', () => stateOf(provider))
  }

function dispute(provider: Provider, wanted: z.output<typeof shapes.dispute>) {
  return provider.store.transact(() => {
    if ('disputeId' in wanted) {
      const found = provider.store.get('dispute', wanted.disputeId)
      if (!found) throw missing('dispute', wanted.disputeId, 'disputeId')
      return closeDispute(provider, found, wanted.outcome)
    }
    const charge = provider.store.get('charge', wanted.chargeId)
    if (!charge) throw missing('charge', wanted.chargeId, 'chargeId')
    return openDispute(provider, charge, wanted.reason)
  })
}

function queueOf({ store, webhooksPaused }: Provider) {
  const queue = store
    .all('delivery')
    .filter((one) => one.state !== 'delivered')
    .map(({ event, state, attempts, nextAttemptAt }) => ({
      event,
      type: store.get('event', event)?.type ?? null,
      created: store.get('event', event)?.created ?? null,
      state,
      attempts: attempts.length,
      lastAnswer: attempts.at(-1)?.answer ?? null,
      nextAttemptAt: attempts.length === 0 ? null : new Date(nextAttemptAt).toISOString(),
    }))
  return { paused: webhooksPaused, queue }
}

/** @throws HttpError 400 */
function bodyOf<S extends z.ZodType>({ body }: FastifyRequest, shape: S): z.output<S> {
  const result = shape.safeParse(body)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new HttpError(400, `The body is malformed: ${issue?.path.join('.') || 'the body'}: ${issue?.message ?? ''}`)
}
