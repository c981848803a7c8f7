import type { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Auth } from '../auth/index.ts'
import { createContext, sandboxPage, sandboxPolicy, type Context, type ContextServices } from '../graphql/index.ts'
import { HttpProblem } from './problem.ts'

export interface GraphqlRouteOptions {
  readonly apollo: ApolloServer<Context>
  readonly services: ContextServices
  readonly auth: Auth
  /** The address of the API, for the Sandbox page; null: no page. */
  readonly sandboxAt: string | null
  /** What a request goes through before it is answered, in order. */
  readonly steps: {
    readonly onRequest: ((request: FastifyRequest, reply: FastifyReply) => Promise<void>)[]
    readonly preParsing: (
      request: FastifyRequest,
      reply: FastifyReply,
      payload: NodeJS.ReadableStream,
    ) => Promise<NodeJS.ReadableStream>
    readonly preHandler: ((request: FastifyRequest, reply: FastifyReply) => Promise<void>)[]
  }
}

const methods = ['GET', 'POST']

/** The one address of the API. */
export function answerGraphql(
  app: FastifyInstance,
  { apollo, services, auth, sandboxAt, steps }: GraphqlRouteOptions,
): void {
  const toApollo = fastifyApolloHandler(apollo, {
    context: (request: FastifyRequest) => Promise.resolve(contextOf(request, services, auth)),
  }) as (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>
  app.all('/graphql', {
    onRequest: [refuseOtherMethods, ...steps.onRequest],
    preParsing: steps.preParsing,
    preHandler: steps.preHandler,
    handler: async (request, reply) => {
      // What one reader may see is nobody else's answer.
      reply.headers({ 'cache-control': 'private, no-store' }).header('vary', vary(reply))
      if (sandboxAt !== null && isBrowsing(request)) {
        return reply
          .type('text/html; charset=utf-8')
          .header('content-security-policy', sandboxPolicy(sandboxAt))
          .send(sandboxPage(sandboxAt))
      }
      // https://graphql.github.io/graphql-over-http/: Apollo's own answers carry their own cache-control.
      const answer = await toApollo(request, reply)
      reply.header('cache-control', 'private, no-store')
      return answer
    },
  })
}

function contextOf(request: FastifyRequest, services: ContextServices, auth: Auth): Context {
  return createContext(services, {
    id: request.id,
    identity: request.identity,
    fetchProfile: async () => {
      const { identity, accessToken } = request
      if (identity === null || accessToken === null) throw new Error('a profile was asked for without a token')
      const answer = await auth.userInfo(identity, accessToken)
      if (!answer.ok) throw new Error(`user info: ${answer.reason}`)
      return answer.userInfo
    },
    onFailure: (error) => request.log.error({ err: error }, 'a decision could not be made'),
  })
}

async function refuseOtherMethods(request: FastifyRequest): Promise<void> {
  if (methods.includes(request.method)) return
  throw new HttpProblem(405, 'BAD_REQUEST', 'Ask with GET or POST.', { allow: methods.join(', ') })
}

const isBrowsing = (request: FastifyRequest): boolean =>
  request.method === 'GET' && !request.url.includes('?') && (request.headers.accept ?? '').includes('text/html')

function vary(reply: FastifyReply): string {
  const set = reply.getHeader('vary')
  return typeof set === 'string' && set !== '' ? `${set}, Authorization` : 'Authorization'
}
