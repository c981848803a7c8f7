import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Auth } from '../../auth/index.ts'
import { streamPath, type ContextServices, type Question, type Subscriber } from '../../graphql/index.ts'
import { isObject } from '../../lib/json.ts'
import { startTimer } from '../../lib/timer.ts'
import { callerOf } from '../limits/caller.ts'
import { EventStream } from './event-stream.ts'
import type { Steps } from './graphql-route.ts'
import { HttpProblem, retryLater } from '../problem.ts'
import { contextOf } from './request-context.ts'
import { mostBytes } from '../limits/request-size.ts'
import type { Streams } from '../limits/open-streams.ts'

export interface StreamRouteOptions {
  readonly subscriber: Subscriber
  readonly streams: Streams
  readonly services: ContextServices
  readonly auth: Auth
  /** The same as for queries. */
  readonly steps: Steps
}

/**
 * Where subscriptions are answered: one for each connection, as Server-Sent Events. It ends with its token, so that nobody
 * reads on with one that has run out, and when the server stops; the client comes back.
 */
export function answerStreams(app: FastifyInstance, options: StreamRouteOptions): void {
  const { steps } = options
  app.route({
    method: 'POST',
    url: streamPath,
    bodyLimit: mostBytes,
    onRequest: [...steps.onRequest, checkJson, checkAcceptsEvents],
    preParsing: steps.preParsing,
    preHandler: steps.preHandler,
    handler: (request, reply) => answer(request, reply, options),
  })
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  { subscriber, streams, services, auth }: StreamRouteOptions,
): Promise<FastifyReply> {
  const question = questionOf(request.body)
  const caller = callerOf(request)
  const leaving = new AbortController()
  reply.raw.once('close', () => leaving.abort())
  /** Until it is open, a stop has nothing to end; then it has. */
  let end = (): void => void (gone = true)
  let gone = false
  const leave = streams.take(caller, () => end())
  try {
    const follower = { requestId: request.id, caller, gone: leaving.signal }
    const opened = await subscriber.subscribe(question, follower, (slot) =>
      contextOf(request, services, auth, slot?.release),
    )
    if (opened.kind !== 'opened') {
      leave()
      if (opened.kind === 'unavailable') reply.code(503).headers(retryLater)
      else reply.code(400)
      return reply.send({ errors: opened.errors })
    }
    const stream = new EventStream(opened.answers, {
      onBroken: (error) => request.log.error({ err: error }, 'a stream failed'),
    })
    end = () => stream.complete()
    const { identity } = request
    const tokenEnds = identity && startTimer(() => services.clock.wall(), identity.expiresAt, end)
    stream.on('close', () => {
      tokenEnds?.cancel()
      leave()
    })
    // A stop that came while it was opened.
    if (gone) end()
    return reply
      .headers({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'private, no-store, no-transform',
        // The connection ends with it: one that fell idle while the server stops would hold the stop up.
        connection: 'close',
        // nginx and its like would hold events back until a buffer is full.
        'x-accel-buffering': 'no',
      })
      .send(stream)
  } catch (error) {
    leave()
    throw error
  }
}

/** A page of another site can send a form, not JSON: so it cannot open streams in a reader's name. */
async function checkJson({ headers }: FastifyRequest): Promise<void> {
  if (/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return
  throw new HttpProblem(415, 'BAD_REQUEST', 'Send application/json in UTF-8, not compressed.')
}

async function checkAcceptsEvents({ headers }: FastifyRequest): Promise<void> {
  if (!headers.accept || /(^|,)\s*(\*\/\*|text\/(\*|event-stream))\s*([;,]|$)/i.test(headers.accept)) return
  throw new HttpProblem(406, 'BAD_REQUEST', 'The Accept header must allow text/event-stream.')
}

/** @throws HttpProblem 400 */
function questionOf(body: unknown): Question {
  const { query, variables, operationName } = isObject(body) ? body : {}
  if (typeof query !== 'string' || query === '') throw malformed('Send JSON such as {"query":"subscription { … }"}.')
  if (variables != null && !isObject(variables)) throw malformed('variables is not an object.')
  if (operationName != null && typeof operationName !== 'string') throw malformed('operationName is not a string.')
  return { query, variables: variables ?? undefined, operationName: operationName || undefined }
}

const malformed = (message: string): HttpProblem => new HttpProblem(400, 'BAD_REQUEST', message)
