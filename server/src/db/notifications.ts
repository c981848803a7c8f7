import { Socket } from 'node:net'
import pg, { type ClientConfig } from 'pg'
import { pauseAfter, type BackOff } from '../lib/back-off.ts'

export interface ChangeFeedOptions {
  /** The database's own address. A transaction pooler (PgBouncer) does not forward notifications. */
  readonly connection: ClientConfig
  readonly channels: readonly string[]
  /** Called for each notification of a committed transaction. Must not throw. */
  readonly onChange: (channel: string, payload: string) => void
  /** Called after each connect. Notifications sent since the last connection was lost were missed. Must not throw. */
  readonly onConnected: () => void
  /** Called for each connection that was lost or could not be opened. Must not throw. */
  readonly onLost: (error: Error) => void
  /** The pause between two heartbeats. Default 5,000. */
  readonly checkMilliseconds?: number
  /** Timeout of a heartbeat, after which the connection counts as lost. Default 3,000. */
  readonly answerMilliseconds?: number
}

export interface ChangeFeed {
  /** Closes the connection. No callback runs after it resolves. */
  readonly stop: () => Promise<void>
}

/** A connection that died silently is noticed within the sum of both. */
export const heartbeat = { checkMilliseconds: 5_000, answerMilliseconds: 3_000 } as const
/** After an outage the feed reconnects within the longest pause and one attempt: five seconds. */
export const reconnectPauses: BackOff = { first: 250, longest: 1_500 }

/**
 * Listens for notifications of committed changes on a connection of its own. A lost connection is reopened after a pause of at most
 * 1.5 seconds. A heartbeat detects a connection that died silently, so notifications are missed for at most ten seconds.
 *
 * https://www.postgresql.org/docs/current/sql-notify.html
 */
export function listenForChanges(options: ChangeFeedOptions): ChangeFeed {
  let stopped = false
  /** Ends the current pause or connection. */
  let interrupt: () => void = () => undefined

  async function run(): Promise<void> {
    let failures = 0
    while (!stopped) {
      const session = openSession(options, () => (failures = 0))
      interrupt = session.close
      const error = await session.lost
      if (stopped) return
      options.onLost(error)
      failures += 1
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseAfter(failures, reconnectPauses)).unref()
        interrupt = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  const running = run()
  return {
    stop: async () => {
      stopped = true
      interrupt()
      await running
    },
  }
}

/** Opens one connection. `lost` resolves with the reason when it ends. */
function openSession(
  {
    connection,
    channels,
    onChange,
    onConnected,
    checkMilliseconds = heartbeat.checkMilliseconds,
    answerMilliseconds = heartbeat.answerMilliseconds,
  }: ChangeFeedOptions,
  onListening: () => void,
): { lost: Promise<Error>; close: () => void } {
  // A socket of our own can be destroyed. `client.end` waits for the peer, which may have vanished.
  const socket = new Socket()
  const client = new pg.Client({
    ...connection,
    stream: () => socket,
    keepAlive: true,
    connectionTimeoutMillis: answerMilliseconds,
    query_timeout: answerMilliseconds,
    application_name: 'gatepost changes',
  })
  let check: NodeJS.Timeout | undefined
  let over = false
  let lose: (error: Error) => void = () => undefined
  const lost = new Promise<Error>((resolve) => {
    lose = (error) => {
      over = true
      clearTimeout(check)
      socket.destroy()
      resolve(error)
    }
  })
  client.on('error', (error: Error) => lose(error))
  client.on('end', () => lose(new Error('the connection for notifications was closed')))
  client.on('notification', ({ channel, payload = '' }) => onChange(channel, payload))

  // TCP keep-alive shows only that the host is up; a query shows that the database still responds.
  function checkLater(): void {
    if (over) return
    check = setTimeout(() => void client.query('SELECT 1').then(checkLater, lose), checkMilliseconds).unref()
  }
  async function begin(): Promise<void> {
    await client.connect()
    await client.query(channels.map((channel) => `LISTEN ${pg.escapeIdentifier(channel)}`).join('; '))
    if (over) return
    onListening()
    onConnected()
    checkLater()
  }
  begin().catch(lose)
  return { lost, close: () => lose(new Error('stopped')) }
}
