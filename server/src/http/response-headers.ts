import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Settings } from '../env.ts'

/** Apollo's hosted Sandbox, an alternative to the page of this server. */
const hostedSandbox = 'https://studio.apollographql.com'

/**
 * Adds the steps that set the request id, the security headers and CORS. They come before the steps that refuse, so that pages may read
 * refusals too.
 */
export async function setResponseHeaders(app: FastifyInstance, { corsOrigins, production }: Settings): Promise<void> {
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id))
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    referrerPolicy: { policy: 'no-referrer' },
  })
  await app.register(cors, {
    origin: [...corsOrigins, ...(production ? [] : [hostedSandbox])],
    methods: ['GET', 'POST'],
    credentials: false,
    exposedHeaders: [
      'x-request-id',
      'retry-after',
      'ratelimit-policy',
      'ratelimit-limit',
      'ratelimit-remaining',
      'ratelimit-reset',
      'www-authenticate',
    ],
    maxAge: 600,
    // Preflights count towards the limits. answerUnknown answers them.
    preflightContinue: true,
    strictPreflight: false,
  })
}

/** The step that keeps all responses, including errors, out of shared caches, because they may be for one reader only. */
export async function keepPrivate(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const set = reply.getHeader('vary')
  reply.headers({
    'cache-control': 'private, no-store',
    vary: typeof set === 'string' && set !== '' ? `${set}, Authorization` : 'Authorization',
  })
}
