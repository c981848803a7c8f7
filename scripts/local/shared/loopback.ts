import type { Server as HttpServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'

/** The addresses to which browsers and clients resolve `localhost`. No other machine can reach them. */
const addresses = ['127.0.0.1', '::1'] as const

export interface LoopbackListener {
  readonly port: number
  /** Stops listening. Ends the connections of HTTP servers too. Resolves when every connection is closed. */
  readonly close: () => Promise<void>
}

/**
 * Listens on both loopback addresses, with one server for each. On a machine without IPv6 it listens on 127.0.0.1 only.
 *
 * @param port 0: any free port
 * @throws the error of the system, with its `code`: EADDRINUSE if the port is taken on either address
 */
export async function listenOnLoopback(port: number, makeServer: () => Server): Promise<LoopbackListener> {
  const servers: Server[] = []
  const close = async () => void (await Promise.all(servers.map(closeServer)))
  const chosenPort = () => (servers[0]?.address() as AddressInfo | undefined)?.port ?? port
  for (const address of addresses) {
    const server = makeServer()
    try {
      await listen(server, chosenPort(), address)
      servers.push(server)
    } catch (error) {
      if (address === '::1' && (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') continue
      await close()
      throw error
    }
  }
  return { port: chosenPort(), close }
}

/**
 * Explains in one line why a server cannot listen.
 *
 * @param what    begins a sentence, such as `The local identity provider`
 * @param setting the setting that chooses another port
 */
export function listenProblem(error: unknown, port: number, what: string, setting: string): Error {
  const { code, message } = error as NodeJS.ErrnoException
  const text =
    code === 'EADDRINUSE'
      ? `Port ${port} is taken. Stop the program that uses it, or set ${setting} to another port.`
      : `${what} cannot listen on port ${port} (${code ?? message}).`
  return new Error(text, { cause: error })
}

/**
 * Tells whether a `Host` header names this server. A page of another site can resolve a name of its own to 127.0.0.1 and read the
 * answers as its own (DNS rebinding). The header then has that name.
 */
export const isOwnHost = (host: string | undefined, port: number): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].some((name) => host === `${name}:${port}`)

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // Never removed: without a listener a later error, of a connection that could not be accepted, would end the process.
    server.on('error', reject)
    server.listen({ port, host, ipv6Only: true }, resolve)
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    if ('closeAllConnections' in server) (server as HttpServer).closeAllConnections()
  })
}
