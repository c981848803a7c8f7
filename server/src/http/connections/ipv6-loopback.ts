import { createServer } from 'node:net'
import type { FastifyInstance } from 'fastify'

/**
 * Listens on `::1` beside 127.0.0.1, because clients resolve `localhost` to either. The server treats the connections as its own.
 * Does nothing on a machine without IPv6.
 *
 * @returns a function that stops listening and resolves when the last connection has closed
 * @throws Error `EADDRINUSE` if the port of `::1` is in use
 */
export async function listenOnIpv6Loopback(app: FastifyInstance, port: number): Promise<() => Promise<void>> {
  const server = createServer({ noDelay: true }, (socket) => app.server.emit('connection', socket))
  const listening = await new Promise<boolean>((resolve, reject) => {
    // Stays attached: a later error, of a connection that cannot be accepted, would end the process without a listener.
    server.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? reject(error) : resolve(false)))
    server.listen({ port, host: '::1', ipv6Only: true }, () => resolve(true))
  })
  return () => new Promise((resolve) => (listening ? server.close(() => resolve()) : resolve()))
}
