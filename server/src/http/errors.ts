import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isDatabaseFailure } from '../db/index.ts'
import type { AddressLimit } from './limits/address-limit.ts'
import { HttpProblem, problemBody, retryLater, sendProblem, tooMany, unavailable, type ProblemCode } from './problem.ts'

/** What Fastify says of a request that it cannot take, in words for the caller. */
const explained: Readonly<Record<number, readonly [ProblemCode, string]>> = {
  400: ['BAD_REQUEST', 'The request is malformed.'],
  408: ['BAD_REQUEST', 'The request did not arrive in time.'],
  413: ['BAD_REQUEST', 'The request is too large.'],
  415: ['BAD_REQUEST', 'Send application/json in UTF-8.'],
  431: ['BAD_REQUEST', 'The headers are too large.'],
  503: ['SERVICE_UNAVAILABLE', 'The server is too busy or is stopping. Try again.'],
}

/** Every error outside GraphQL leaves in one shape; a bug is masked, and the log has it under the same request id. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | HttpProblem, request, reply) => {
    if (error instanceof HttpProblem) return sendProblem(request, reply, error)
    // What Fastify has given a status, such as a body that breaks off, is the request's connection and not the database's.
    if (error.statusCode === undefined && isDatabaseFailure(error)) return fail(unavailable(), error, request, reply)
    const status = error.statusCode ?? 500
    if (status < 500 || status === 503) return refuse(status, error, request, reply)
    return fail(bug(), error, request, reply)
  })
}

const bug = () => new HttpProblem(500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.')

/** Answers what is not the caller's fault. The log says what they were told, and why. */
function fail(told: HttpProblem, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.log.error({ err: error, status: told.status, code: told.code }, 'request failed')
  return sendProblem(request, reply, told)
}

/** Fastify's `frameworkErrors`: a URL that cannot be decoded finds no route, and no step sees the request. */
export function answerUnroutable(addresses: AddressLimit) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    void reply.header('x-request-id', request.id)
    // Fastify has not looked at X-Forwarded-For yet: behind a proxy this is the proxy's address, and limits nothing else of it.
    const wait = addresses.take(request.ip, 'unreadable')
    if (wait > 0) return void sendProblem(request, reply, tooMany(wait))
    refuse(400, error, request, reply)
  }
}

function refuse(status: number, error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [code, message] = explanation(status)
  request.log.info({ reason: error.code, status, code }, 'request refused')
  const headers = status === 503 ? retryLater : {}
  return sendProblem(request, reply, new HttpProblem(status, code, message, headers))
}

/** Statuses of what Node's parser says; whatever else it says is a 400. */
const unreadable: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
}

/**
 * Fastify's `clientErrorHandler`: bytes that never became a request. The connection ends with the answer, because nobody
 * can tell where the next request would begin.
 */
export const answerUnreadable = (addresses: AddressLimit) =>
  function answer(this: FastifyInstance, error: Error & { code?: string }, socket: Socket): void {
    if (error.code === 'ECONNRESET' || socket.destroyed) return
    // Without a request there is no X-Forwarded-For: behind a proxy this is the proxy, which sends no such bytes.
    if (!socket.writable || addresses.take(socket.remoteAddress ?? '', 'unreadable') > 0) return void socket.destroy()
    const requestId = randomUUID()
    this.log.info({ requestId, reason: error.code }, 'request refused')
    refuseUnreadable(socket, unreadable[error.code ?? ''] ?? 400, requestId)
  }

function refuseUnreadable(socket: Socket, status: number, requestId: string): void {
  const body = JSON.stringify(problemBody(...explanation(status), requestId))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: private, no-store',
    `x-request-id: ${requestId}`,
    'connection: close',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroySoon()
}

const explanation = (status: number): readonly [ProblemCode, string] =>
  explained[status] ?? ['BAD_REQUEST', 'The request cannot be answered.']
