import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll } from '@jest/globals'

/** A fault between a server and a system that it calls. */
export type NetworkFault =
  | 'none'
  /** New connections are refused, and open ones are reset. */
  | 'refused'
  /** Connections are accepted and reset. */
  | 'reset'
  /** Connections stay open, and no byte passes in either direction. */
  | 'silent'
  /** Every chunk is delayed. */
  | 'slow'
  /** Each connection carries a few chunks and is then reset. */
  | 'flapping'

export const networkFaults = ['refused', 'reset', 'silent', 'slow', 'flapping'] as const

/** One connection through the proxy. */
export interface Link {
  readonly client: Socket
  readonly upstream: Socket
  /** Whether it was open during the fault `silent`. It then forwards nothing any more, not even the end of the connection. */
  dead: boolean
  /** Closes both ends. */
  readonly close: () => void
}

/** Creates a function that decides whether a chunk of the client is forwarded. Called once per connection. */
export type Inspector = (link: Link) => (chunk: Buffer) => 'pass' | 'swallow'

export interface TcpProxyOptions {
  readonly host: string
  readonly port: number
  readonly inspector?: Inspector
  /** Delay of each chunk under `slow`. Default 300. */
  readonly slowMilliseconds?: number
}

export interface TcpProxy {
  readonly port: number
  /** Sets the fault. Resolves when it is in effect. */
  set(fault: NetworkFault): Promise<void>
  /** Resets every open connection. */
  cut(): void
  /** Returns the number of connections that were opened through the proxy. */
  connections(): number
  /** Returns the number of open connections. */
  open(): number
}

/** The number of chunks per connection under `flapping`. It suffices for a database login and a few statements. */
const chunksWhileFlapping = 4

/** Starts a proxy in front of a TCP server that can inject faults. Stops after the file's last test. */
export async function startTcpProxy(options: TcpProxyOptions): Promise<TcpProxy> {
  const { host, port: target, inspector, slowMilliseconds = 300 } = options
  const links = new Set<Link>()
  let fault: NetworkFault = 'none'
  let made = 0

  const server = createServer((client) => {
    if (fault === 'reset') return void client.resetAndDestroy()
    made += 1
    const upstream = connect(target, host)
    const link: Link = {
      client,
      upstream,
      dead: false,
      close: () => {
        links.delete(link)
        client.destroy()
        upstream.destroy()
      },
    }
    links.add(link)
    const inspect = inspector?.(link) ?? (() => 'pass' as const)
    let chunks = 0
    const pass = (from: Socket, to: Socket) => (chunk: Buffer) => {
      if (fault === 'silent' || link.dead) return
      if (from === client && inspect(chunk) === 'swallow') return
      if (fault === 'flapping' && (chunks += 1) > chunksWhileFlapping) return reset(link)
      if (fault === 'slow') return void setTimeout(() => to.writable && to.write(chunk), slowMilliseconds)
      to.write(chunk)
    }
    client.on('data', pass(client, upstream))
    upstream.on('data', pass(upstream, client))
    for (const socket of [client, upstream]) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        // During `silent` the client must not notice the end of the upstream connection.
        if (socket === client || (fault !== 'silent' && !link.dead)) link.close()
      })
    }
  })

  function reset(link: Link): void {
    links.delete(link)
    link.client.resetAndDestroy()
    link.upstream.destroy()
  }
  const cut = () => [...links].forEach(reset)
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }

  await listen(0)
  const { port } = server.address() as AddressInfo
  afterAll(() => {
    server.close()
    cut()
  })
  return {
    port,
    async set(next) {
      const was = fault
      fault = next
      if (next === 'refused') {
        if (server.listening) server.close()
        cut()
      } else if (!server.listening) await listen(port)
      if (next === 'reset') cut()
      if (was !== 'silent' || next === 'silent') return
      for (const link of links) {
        link.dead = true
        link.upstream.destroy()
      }
    },
    cut,
    connections: () => made,
    open: () => links.size,
  }
}
