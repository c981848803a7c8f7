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

interface StreamRouteOptions {
  readonly subscriber: Subscriber
  readonly streams: Streams
  readonly services: ContextServices
  readonly auth: Auth
  /** The steps of queries. */
  readonly steps: Steps
}

/**
 * Adds the route of subscriptions. Each connection carries one subscription as Server-Sent Events. The stream ends when its token
 * expires or the server stops. The client reconnects.
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
  const question = parseBody(request.body)
  const caller = callerOf(request)
  const leaving = new AbortController()
  reply.raw.once('close', () => leaving.abort())
  // A stop may come before the stream is open.
  let stopped = false
  let end = (): void => void (stopped = true)
  const remove = streams.add(caller, () => end())
  try {
    const follower = { requestId: request.id, caller, gone: leaving.signal }
    const opened = await subscriber.subscribe(question, follower, (slot) =>
      contextOf(request, services, auth, slot?.release),
    )
    if (opened.kind !== 'opened') {
      remove()
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
      remove()
    })
    if (stopped) end()
    return reply
      .headers({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'private, no-store, no-transform',
        // The connection closes with its stream. An idle connection would delay a stop of the server.
        connection: 'close',
        // Otherwise proxies such as nginx hold events back until a buffer is full.
        'x-accel-buffering': 'no',
      })
      .send(stream)
  } catch (error) {
    remove()
    throw error
  }
}

/** Requires JSON. Pages of other sites cannot send it without a preflight, so they cannot open streams for a reader. */
async function checkJson({ headers }: FastifyRequest): Promise<void> {
  if (/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return
  throw new HttpProblem(415, 'BAD_REQUEST', 'Send application/json in UTF-8, not compressed.')
}

async function checkAcceptsEvents({ headers }: FastifyRequest): Promise<void> {
  if (!headers.accept || /(^|,)\s*(\*\/\*|text\/(\*|event-stream))\s*([;,]|$)/i.test(headers.accept)) return
  throw new HttpProblem(406, 'BAD_REQUEST', 'The Accept header must allow text/event-stream.')
}

/** Parses the body of a subscription request. @throws HttpProblem 400 */
function parseBody(body: unknown): Question {
  const { query, variables, operationName } = isObject(body) ? body : {}
  if (typeof query !== 'string' || query === '') throw malformed('Send JSON such as {"query":"subscription { … }"}.')
  if (variables != null && !isObject(variables)) throw malformed('variables is not an object.')
  if (operationName != null && typeof operationName !== 'string') throw malformed('operationName is not a string.')
  return { query, variables: variables ?? undefined, operationName: operationName || undefined }
}

const malformed = (message: string): HttpProblem => new HttpProblem(400, 'BAD_REQUEST', message)
