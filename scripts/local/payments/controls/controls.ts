import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { HttpError, readBody, sendJson } from '../../shared/http.ts'
import { closeDispute, openDispute } from '../billing/money-back.ts'
import { missing, StripeProblem } from '../problem.ts'
import type { Provider } from '../state/provider.ts'
import type { Webhooks } from '../webhooks/queue.ts'
import type { ClockStream } from './clock-stream.ts'
import { clockState, type MoveClock } from './move.ts'
import { personaShape } from './persona-shape.ts'
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

/** What only this double has, under `/_local/`: no key, JSON in and out, from this machine. */
export async function answerControl(
  parts: ControlParts,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const { provider, webhooks, stream, move } = parts
  const send = (body: unknown) => sendJson(response, 200, body)
  try {
    switch (`${request.method} ${path}`) {
      case 'GET /_local/clock':
        return send(clockState(provider))
      case 'POST /_local/clock':
        return send(await move(await bodyOf(request, shapes.clock)))
      case 'GET /_local/clock/stream':
        return stream.listen(response, provider.clock.offsetMilliseconds)
      case 'POST /_local/clock/ack': {
        const { listener, sequence } = await bodyOf(request, shapes.ack)
        if (!stream.acknowledge(listener, sequence)) throw missing('listener', listener, 'listener')
        return send({ listener, sequence })
      }
      case 'GET /_local/webhooks':
        return send(queueOf(provider))
      case 'POST /_local/webhooks': {
        const { paused } = await bodyOf(request, shapes.webhooks)
        webhooks.pause(paused)
        return send({ paused })
      }
      case 'POST /_local/webhooks/flush':
        await webhooks.flush()
        return send(queueOf(provider))
      case 'POST /_local/subscriptions':
        return send(putPersona(provider, await bodyOf(request, personaShape)))
      case 'POST /_local/disputes':
        return send(dispute(provider, await bodyOf(request, shapes.dispute)))
      case 'GET /_local/state':
        return send(stateOf(provider))
      default:
        throw new HttpError(404, `There is no ${String(request.method)} ${path}.`)
    }
  } catch (error) {
    if (error instanceof StripeProblem) return sendJson(response, error.status, { error: error.body })
    if (error instanceof HttpError) return sendJson(response, error.status, { error: { message: error.message } })
    throw error
  }
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

/**
 * A body that must say that it is JSON: a form of a page elsewhere cannot, and a script there would have to ask first.
 *
 * @throws HttpError 415 or 400
 */
async function bodyOf<S extends z.ZodType>(request: IncomingMessage, shape: S): Promise<z.output<S>> {
  if (!request.headers['content-type']?.startsWith('application/json'))
    throw new HttpError(415, 'Send JSON, as application/json.')
  const text = await readBody(request)
  try {
    return shape.parse(JSON.parse(text))
  } catch (error) {
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined
    const what = issue ? `${issue.path.join('.') || 'the body'}: ${issue.message}` : 'it is not JSON'
    throw new HttpError(400, `The body is malformed: ${what}`)
  }
}
