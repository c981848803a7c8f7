import type { Socket } from 'node:net'
import { PrismaPg } from '@prisma/adapter-pg'
import pg, { type PoolConfig } from 'pg'
import { PrismaClient } from './generated/client.ts'

export type Database = PrismaClient
/** A client inside a transaction. */
export type Transaction = Parameters<Parameters<Database['$transaction']>[0]>[0]
/** A client inside or outside a transaction. */
export type Queryable = Database | Transaction

interface DatabaseOptions {
  readonly url: string
  /** Maximum number of open connections. */
  readonly poolMax: number
  /** Called when an idle connection breaks. Without a listener this error would end the process. */
  readonly onConnectionLost: (error: Error) => void
}

/** The database cancels a slower statement, and the reader gets SERVICE_UNAVAILABLE. Every statement of the server is faster. */
const statementTimeoutMilliseconds = 5_000
/** By default the pool waits for a free connection without a limit. */
const connectionTimeoutMilliseconds = 3_000

/** Returns the settings of a connection pool in which every wait has a timeout. */
function poolConfig(url: string, poolMax: number): PoolConfig {
  return {
    connectionString: url,
    max: poolMax,
    connectionTimeoutMillis: connectionTimeoutMilliseconds,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMilliseconds,
    // The client's own timeout, for a connection whose peer vanished without closing it. It is short, because such connections
    // occupy the pool after an outage.
    query_timeout: statementTimeoutMilliseconds + 1_000,
    keepAlive: true,
  }
}

/**
 * Creates the connection pool that all queries of a server share.
 *
 * @param bounds overrides settings of `poolConfig`
 */
export function createPool({ url, poolMax, onConnectionLost }: DatabaseOptions, bounds: PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ ...poolConfig(url, poolMax), ...bounds })
  pool.on('error', onConnectionLost)
  dropStuck(pool)
  return pool
}

/**
 * Closes connections that return to the pool in the middle of a statement. After a timeout Prisma releases a transaction's connection
 * as if it were idle, and the next query on it would wait behind the unfinished statement.
 */
function dropStuck(pool: pg.Pool): void {
  pool.on('release', (_error, released) => {
    const client = released as unknown as InnerClient
    if (client.readyForQuery) return
    // Marks the client as ending. The pool checks this right after the event and does not hand the client out again.
    void client.end().catch(() => undefined)
    // `end` alone waits for the peer, which may have vanished.
    client.connection.stream.destroy()
  })
}

/** Members of pg's client that its types lack. */
interface InnerClient {
  /** Whether the response to the last statement is complete. */
  readonly readyForQuery: boolean
  /** False once the connection has failed. */
  readonly _queryable: boolean
  readonly connection: { readonly stream: Socket }
  end(): Promise<void>
}

const answersByDatabase = new WeakMap<Database, () => number>()

/** Returns how often a connection has returned to the pool with a complete response. While it grows, the database is reachable. */
export const answersOf = (db: Database): number => answersByDatabase.get(db)?.() ?? 0

/** Creates a Prisma client. @param pool default: a new pool; `$disconnect` closes it in both cases */
export function connectDatabase(options: DatabaseOptions, pool = createPool(options)): Database {
  const adapter = new PrismaPg(pool, { disposeExternalPool: true, onConnectionError: options.onConnectionLost })
  const db = new PrismaClient({
    adapter,
    transactionOptions: { maxWait: connectionTimeoutMilliseconds, timeout: statementTimeoutMilliseconds },
  })
  let answers = 0
  pool.on('release', (_error, released) => {
    const { readyForQuery, _queryable } = released as unknown as InnerClient
    // The response to a failed statement counts too.
    if (readyForQuery && _queryable) answers += 1
  })
  answersByDatabase.set(db, () => answers)
  return db
}
