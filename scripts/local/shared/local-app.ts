import { createServer } from 'node:http'
import Fastify, { type FastifyInstance } from 'fastify'
import { isOwnHost, listenOnLoopback, listenProblem, type LoopbackListener } from './loopback.ts'

/** A refusal with a message for the caller. Fastify answers with its `statusCode`. */
export class HttpError extends Error {
  readonly statusCode: number

  constructor(statusCode: number, message: string) {
    super(message)
    this.name = 'HttpError'
    this.statusCode = statusCode
  }
}

/** The maximum size of a request body, in bytes. */
const bodyLimit = 56 * 1024

/** Creates the HTTP app of a double. It refuses requests whose `Host` does not name it. */
export function createLocalApp(port: number): FastifyInstance {
  const app = Fastify({ bodyLimit })
  app.addHook('onRequest', async (request, reply) => {
    // On the raw response, so that answers that bypass Fastify have these headers too.
    reply.raw.setHeader('x-content-type-options', 'nosniff')
    reply.raw.setHeader('referrer-policy', 'no-referrer')
    if (!isOwnHost(request.headers.host, port)) throw new HttpError(421, 'The Host header does not name this server.')
  })
  return app
}

/** Delivers the bodies of all content types to the handlers as text. */
export function readBodiesAsText(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
}

/**
 * Serves an app on both loopback addresses.
 *
 * @param what    begins the sentence about a failed start, such as `The local identity provider`
 * @param setting the setting that chooses another port
 * @throws Error in one line if the port is taken
 */
export async function serveOnLoopback(
  app: FastifyInstance,
  port: number,
  what: string,
  setting: string,
): Promise<LoopbackListener> {
  await app.ready()
  try {
    return await listenOnLoopback(port, () => createServer((request, response) => app.routing(request, response)))
  } catch (error) {
    throw listenProblem(error, port, what, setting)
  }
}
