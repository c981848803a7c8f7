import { Socket } from 'node:net'
import pg, { type ClientConfig } from 'pg'

export interface ChangeFeedOptions {
  /** The database itself: a pooler that hands out connections per transaction (PgBouncer, say) brings no notifications. */
  readonly connection: ClientConfig
  readonly channels: readonly string[]
  /** Told of each notification of a committed transaction. Must not throw. */
  readonly onChange: (channel: string, payload: string) => void
  /** Told whenever it listens again: whatever was told before, since it last listened, was missed. Must not throw. */
  readonly onConnected: () => void
  /** Told of each connection that was lost or could not be made. Must not throw. */
  readonly onLost: (error: Error) => void
  /** The pause between two heartbeats. Default 5,000. */
  readonly checkMilliseconds?: number
  /** How long an answer may take before the connection counts as lost. Default 3,000. */
  readonly answerMilliseconds?: number
}

export interface ChangeFeed {
  /** Resolves when its connection is gone; nothing is told any more. */
  readonly stop: () => Promise<void>
}

/** A connection that is dead without a word is noticed within both together. */
export const heartbeat = { checkMilliseconds: 5_000, answerMilliseconds: 3_000 } as const
/** A database that is back is found within the longest pause and one try: five seconds. */
export const reconnectPauses = { firstMilliseconds: 250, longestMilliseconds: 1_500 } as const

/**
 * Hears what the database tells of committed changes, over one connection of its own for as long as the process lives. A lost
 * connection is made anew, after pauses of at most a second and a half. A heartbeat notices a connection that is dead without a
 * word, so that nothing goes unheard for more than ten seconds.
 *
 * https://www.postgresql.org/docs/current/sql-notify.html
 */
export function listenForChanges(options: ChangeFeedOptions): ChangeFeed {
  let stopped = false
  /** Ends what is waited for: a pause, or a connection. */
  let interrupt: () => void = () => undefined

  async function run(): Promise<void> {
    let pause: number = reconnectPauses.firstMilliseconds
    while (!stopped) {
      const session = openSession(options, () => (pause = reconnectPauses.firstMilliseconds))
      interrupt = session.close
      const error = await session.lost
      if (stopped) return
      options.onLost(error)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause).unref()
        interrupt = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      pause = Math.min(pause * 2, reconnectPauses.longestMilliseconds)
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

/** One connection, from its beginning to its end. */
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
  // Ours, so that it can be broken off: a polite end would wait for another side that may be gone without a word.
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

  // The answer to a question says more than keep-alive does: that somebody is there who can still tell us something.
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
