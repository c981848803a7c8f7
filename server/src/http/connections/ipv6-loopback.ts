import { createServer } from 'node:net'
import type { FastifyInstance } from 'fastify'

/**
 * Listens on `::1` beside 127.0.0.1, because clients take `localhost` to either. The server treats the connections as its own.
 * A machine without IPv6 has no `::1`, and no client that goes there.
 *
 * @returns how to stop listening; resolves when the last connection has closed
 * @throws Error `EADDRINUSE` if the port is taken there
 */
export async function listenOnIpv6Loopback(app: FastifyInstance, port: number): Promise<() => Promise<void>> {
  const server = createServer({ noDelay: true }, (socket) => app.server.emit('connection', socket))
  const listening = await new Promise<boolean>((resolve, reject) => {
    // For good: a later one, of a connection that could not be accepted, would end the process if nobody listened.
    server.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? reject(error) : resolve(false)))
    server.listen({ port, host: '::1', ipv6Only: true }, () => resolve(true))
  })
  return () => new Promise((resolve) => (listening ? server.close(() => resolve()) : resolve()))
}
