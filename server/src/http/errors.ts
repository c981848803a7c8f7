import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isDatabaseFailure } from '../db/index.ts'
import type { AddressLimit } from './limits/address-limit.ts'
import { HttpProblem, problemBody, retryLater, sendProblem, tooMany, unavailable, type ProblemCode } from './problem.ts'

/** Codes and messages for the statuses of Fastify's own refusals. */
const explained: Readonly<Record<number, readonly [ProblemCode, string]>> = {
  400: ['BAD_REQUEST', 'The request is malformed.'],
  408: ['BAD_REQUEST', 'The request did not arrive in time.'],
  413: ['BAD_REQUEST', 'The request is too large.'],
  415: ['BAD_REQUEST', 'Send application/json in UTF-8.'],
  431: ['BAD_REQUEST', 'The headers are too large.'],
  503: ['SERVICE_UNAVAILABLE', 'The server is too busy or is stopping. Try again.'],
}

/** Answers every error outside GraphQL in one shape. A bug is masked and logged under the same request id. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | HttpProblem, request, reply) => {
    if (error instanceof HttpProblem) return sendProblem(request, reply, error)
    // An error with a status comes from Fastify. It concerns the connection of the client, not the connection to the database.
    if (error.statusCode === undefined && isDatabaseFailure(error)) return fail(unavailable(), error, request, reply)
    const status = error.statusCode ?? 500
    if (status < 500 || status === 503) return refuse(status, error, request, reply)
    return fail(bug(), error, request, reply)
  })
}

const bug = () => new HttpProblem(500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.')

/** Answers a failure that is not the caller's fault, and logs its cause. */
function fail(problem: HttpProblem, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.log.error({ err: error, status: problem.status, code: problem.code }, 'request failed')
  return sendProblem(request, reply, problem)
}

/** Creates Fastify's `frameworkErrors`. It answers a URL that cannot be decoded. Such a request finds no route and runs no step. */
export function answerUnroutable(addresses: AddressLimit) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    void reply.header('x-request-id', request.id)
    // Fastify has not read X-Forwarded-For yet, so behind a proxy this is the proxy's address. The count is therefore separate.
    const wait = addresses.charge(request.ip, 'unreadable')
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

/** Statuses of the errors of Node's HTTP parser. All others are a 400. */
const unreadable: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
}

/**
 * Creates Fastify's `clientErrorHandler`. It answers bytes that cannot be parsed as a request, and closes the connection, because
 * the start of the next request is unknown.
 */
export const answerUnreadable = (addresses: AddressLimit) =>
  function answer(this: FastifyInstance, error: Error & { code?: string }, socket: Socket): void {
    if (error.code === 'ECONNRESET' || socket.destroyed) return
    // There is no X-Forwarded-For. Behind a proxy this is the proxy's address, but a proxy sends well-formed requests.
    if (!socket.writable || addresses.charge(socket.remoteAddress ?? '', 'unreadable') > 0) return void socket.destroy()
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
