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
  /** How often the connection is tried. Default 30,000. */
  readonly checkMilliseconds?: number
  /** How long an answer may take before the connection counts as lost. Default 15,000: the local database is in no hurry. */
  readonly answerMilliseconds?: number
}

export interface ChangeFeed {
  /** Resolves when its connection is gone; nothing is told any more. */
  readonly stop: () => Promise<void>
}

const firstPauseMilliseconds = 250
const longestPauseMilliseconds = 30_000

/**
 * Hears what the database tells of committed changes, over one connection of its own for as long as the process lives. A lost
 * connection is made anew, after pauses from a quarter of a second to half a minute.
 *
 * https://www.postgresql.org/docs/current/sql-notify.html
 */
export function listenForChanges(options: ChangeFeedOptions): ChangeFeed {
  let stopped = false
  /** Ends what is waited for: a pause, or a connection. */
  let interrupt: () => void = () => undefined

  async function run(): Promise<void> {
    let pause = firstPauseMilliseconds
    while (!stopped) {
      const session = openSession(options, () => (pause = firstPauseMilliseconds))
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
      pause = Math.min(pause * 2, longestPauseMilliseconds)
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
    checkMilliseconds = 30_000,
    answerMilliseconds = 15_000,
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
  client.on('end', () => lose(new Error('the connection for changes was closed')))
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
