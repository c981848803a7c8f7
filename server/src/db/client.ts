import type { Socket } from 'node:net'
import { PrismaPg } from '@prisma/adapter-pg'
import pg, { type PoolConfig } from 'pg'
import { PrismaClient } from './generated/client.ts'

export type Database = PrismaClient
/** What a command gets inside its transaction. */
export type Transaction = Parameters<Parameters<Database['$transaction']>[0]>[0]
/** Where a query may run: on its own or inside a transaction. */
export type Queryable = Database | Transaction

export interface DatabaseOptions {
  readonly url: string
  /** Most connections at a time. */
  readonly poolMax: number
  /** Called when an idle connection breaks: without it the process would end. */
  readonly onConnectionLost: (error: Error) => void
}

/** Long enough for any query of ours; past it the database stops the work and the reader gets SERVICE_UNAVAILABLE. */
const statementTimeoutMilliseconds = 5_000
/** The pool would wait for ever for a free connection. */
const connectionTimeoutMilliseconds = 3_000

/** How to reach the database, with every wait bounded. */
export function poolConfig(url: string, poolMax: number): PoolConfig {
  return {
    connectionString: url,
    max: poolMax,
    connectionTimeoutMillis: connectionTimeoutMilliseconds,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMilliseconds,
    // The client's own bound, for a connection whose other end is gone without a word. It is short, because such connections
    // are in the way of fresh ones after an outage.
    query_timeout: statementTimeoutMilliseconds + 1_000,
    keepAlive: true,
  }
}

/**
 * Makes the pool of connections that a server's queries share.
 *
 * @param bounds other waits than `poolConfig` has
 */
export function createPool({ url, poolMax, onConnectionLost }: DatabaseOptions, bounds: PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ ...poolConfig(url, poolMax), ...bounds })
  pool.on('error', onConnectionLost)
  dropStuck(pool)
  return pool
}

/**
 * Closes connections that come back to the pool in the middle of a statement. Prisma returns a transaction's connection after a
 * timeout as if nothing had happened, and whoever gets it next would wait behind a question that nobody answers.
 */
function dropStuck(pool: pg.Pool): void {
  pool.on('release', (_error, released) => {
    const client = released as unknown as InnerClient
    if (client.readyForQuery) return
    // Beginning its end keeps it from whoever waits for a connection: the pool looks for that right after it has told of the release.
    void client.end().catch(() => undefined)
    // A polite end would wait for another side that may be gone without a word.
    client.connection.stream.destroy()
  })
}

/** What pg's client says of itself and its types do not. */
interface InnerClient {
  /** Whether the answer to the last statement is complete. */
  readonly readyForQuery: boolean
  /** Whether the connection has not failed. */
  readonly _queryable: boolean
  readonly connection: { readonly stream: Socket }
  end(): Promise<void>
}

const answersByDatabase = new WeakMap<Database, () => number>()

/** Counts the times that a connection of a database came back with a complete answer. Growing means: the database is there. */
export const answersOf = (db: Database): number => answersByDatabase.get(db)?.() ?? 0

/** Connects to a database. @param pool its own unless given; closed by `$disconnect` either way */
export function connectDatabase(options: DatabaseOptions, pool = createPool(options)): Database {
  const adapter = new PrismaPg(pool, { disposeExternalPool: true, onConnectionError: options.onConnectionLost })
  const db = new PrismaClient({
    adapter,
    transactionOptions: { maxWait: connectionTimeoutMilliseconds, timeout: statementTimeoutMilliseconds },
  })
  let answers = 0
  pool.on('release', (_error, released) => {
    const { readyForQuery, _queryable } = released as unknown as InnerClient
    // A statement that failed was answered too.
    if (readyForQuery && _queryable) answers += 1
  })
  answersByDatabase.set(db, () => answers)
  return db
}
