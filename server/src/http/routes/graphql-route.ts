import type { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Auth } from '../../auth/index.ts'
import { sandboxPage, sandboxPolicy, type Context, type ContextServices } from '../../graphql/index.ts'
import { checkAccept } from '../content-types.ts'
import type { InFlight } from '../limits/in-flight.ts'
import { HttpProblem } from '../problem.ts'
import { contextOf } from './request-context.ts'
import { mostBytesFromStaff } from '../limits/request-size.ts'

interface GraphqlRouteOptions {
  readonly apollo: ApolloServer<Context>
  readonly services: ContextServices
  readonly auth: Auth
  /** The address of the API for the Sandbox page, or null for no page. */
  readonly sandboxAt: string | null
  readonly steps: Steps
  readonly inFlight: InFlight
}

/** The steps of a request before its execution, in order. */
export interface Steps {
  readonly onRequest: ((request: FastifyRequest, reply: FastifyReply) => Promise<void>)[]
  readonly preParsing: (
    request: FastifyRequest,
    reply: FastifyReply,
    payload: NodeJS.ReadableStream,
  ) => Promise<NodeJS.ReadableStream>
  readonly preHandler: ((request: FastifyRequest, reply: FastifyReply) => Promise<void>)[]
}

/** Adds the route of queries and mutations, and the Sandbox page. */
export function answerGraphql(
  app: FastifyInstance,
  { apollo, services, auth, sandboxAt, steps, inFlight }: GraphqlRouteOptions,
): void {
  const toApollo = fastifyApolloHandler(apollo, {
    context: (request: FastifyRequest) => Promise.resolve(contextOf(request, services, auth)),
  }) as (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    // A HEAD would execute a query and return nothing.
    exposeHeadRoute: false,
    bodyLimit: mostBytesFromStaff,
    onRequest: [refuseBadAddress, ...steps.onRequest],
    preParsing: steps.preParsing,
    // The last step, so that a request occupies no place while it is still arriving.
    preHandler: [...steps.preHandler, inFlight.waitForPlace],
    handler: async (request, reply) => {
      if (sandboxAt !== null && isBrowsing(request)) {
        return reply
          .type('text/html; charset=utf-8')
          .header('content-security-policy', sandboxPolicy())
          .send(sandboxPage(sandboxAt))
      }
      checkAccept(request)
      const answer = await toApollo(request, reply)
      // Overrides Apollo's own header.
      reply.header('cache-control', 'private, no-store')
      return answer
    },
  })
}

/** Refuses an invalid Host header. Apollo's integration parses it and would answer with a 500. */
async function refuseBadAddress({ url, protocol, hostname }: FastifyRequest): Promise<void> {
  if (URL.canParse(url, `${protocol}://${hostname}/`)) return
  throw new HttpProblem(400, 'BAD_REQUEST', 'The Host header is not a valid host.')
}

const isBrowsing = (request: FastifyRequest): boolean =>
  request.method === 'GET' && !request.url.includes('?') && (request.headers.accept ?? '').includes('text/html')
