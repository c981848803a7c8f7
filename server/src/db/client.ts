import { PrismaPg } from '@prisma/adapter-pg'
import type { PoolConfig } from 'pg'
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
    // The client's own bound, for a connection whose other end is gone without a word.
    query_timeout: statementTimeoutMilliseconds + 5_000,
    keepAlive: true,
  }
}

export function connectDatabase({ url, poolMax, onConnectionLost }: DatabaseOptions): Database {
  const adapter = new PrismaPg(poolConfig(url, poolMax), {
    onPoolError: onConnectionLost,
    onConnectionError: onConnectionLost,
  })
  return new PrismaClient({
    adapter,
    transactionOptions: { maxWait: connectionTimeoutMilliseconds, timeout: statementTimeoutMilliseconds },
  })
}
