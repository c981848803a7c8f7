import type { Server } from 'node:http'

/** Browsers take `localhost` to either; nothing beyond this machine can reach them. */
const hosts = ['127.0.0.1', '::1'] as const

export interface LoopbackOptions {
  readonly port: number
  /** Begins a sentence, such as `The local identity provider`. */
  readonly what: string
  /** Which setting moves it to another port. */
  readonly setting: string
  /** Called once for each address. */
  readonly makeServer: () => Server
}

export interface LoopbackServers {
  /** Ends connections too. */
  readonly close: () => Promise<void>
}

/**
 * Listens on the loopback addresses that this machine has.
 *
 * @throws Error whose message is one line: the port is taken on one of them, or cannot be had
 */
export async function listenOnLoopback({ port, what, setting, makeServer }: LoopbackOptions): Promise<LoopbackServers> {
  const servers: Server[] = []
  const close = async () => void (await Promise.all(servers.map(closeServer)))
  for (const host of hosts) {
    const server = makeServer()
    const problem = await listen(server, port, host)
    if (problem === undefined) servers.push(server)
    else if (problem === 'EADDRINUSE' || host === '127.0.0.1') {
      await close()
      throw new Error(
        problem === 'EADDRINUSE'
          ? `Port ${port} is taken. Stop the program that uses it, or set ${setting} to another port.`
          : `${what} cannot listen on ${host}, port ${port} (${problem}).`,
      )
    }
    // A machine without IPv6 has no ::1, and no browser that goes there.
  }
  return { close }
}

function listen(server: Server, port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    // For good: a later one, of a connection that could not be accepted, would end the process if nobody listened.
    server.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ port, host, ipv6Only: true }, () => resolve(undefined))
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
