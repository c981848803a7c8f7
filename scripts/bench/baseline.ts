import Fastify from 'fastify'

/** Starts a minimal server: one route with a constant response. Results are relative to it. */
export async function startBaseline(bytes: string): Promise<{ url: string; close: () => Promise<void> }> {
  const http = Fastify({ logger: false })
  const answer = Buffer.from(bytes)
  http.post('/graphql', (_request, reply) => reply.type('application/json; charset=utf-8').send(answer))
  const url = await http.listen({ host: '127.0.0.1', port: 0 })
  return { url: `${url}/graphql`, close: () => http.close() }
}
