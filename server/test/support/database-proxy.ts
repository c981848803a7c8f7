import { testDatabaseUrl } from './database.ts'
import { startTcpProxy, type Link, type NetworkFault } from './tcp-proxy.ts'

/** A fault between a server and its database during a transaction that writes to the ledger. */
export type LedgerFault =
  /** The connection is lost before the commit, so nothing is written. */
  | 'lostBeforeCommit'
  /** The commit is held back. */
  | 'heldBeforeCommit'
  /** The transaction is committed, and the response is held back. */
  | 'heldAfterCommit'
  /** The first statement is never answered. */
  | 'unanswered'

export type Fault = NetworkFault | LedgerFault

/** An error with this SQLSTATE, an error that also ends the connection, or the end of the connection without a response. */
export type StatementFailure = { readonly error: string } | { readonly fatal: string } | 'reset'

export interface DatabaseProxy {
  readonly url: string
  set(fault: Fault): Promise<void>
  /** Fails every statement after the first `after` without sending it to the database. Null: fails no more statements. */
  failStatements(failure: StatementFailure | null, after?: number): void
  /** Returns the number of statements since `failStatements` was called. */
  statements(): number
  /** Resolves when the current ledger fault has occurred. */
  happened(): Promise<void>
  /** Resets every open connection. */
  cut(): void
  /** Returns the number of connections that were opened through the proxy. */
  connections(): number
  /** Returns the number of open connections. */
  open(): number
}

/** Starts a proxy between a server and this file's database. Data that it holds back is lost when the connection ends. */
export async function startDatabaseProxy(): Promise<DatabaseProxy> {
  const target = new URL(testDatabaseUrl())
  let ledger: LedgerFault | 'none' = 'none'
  let failure: StatementFailure | null = null
  let left = 0
  let statements = 0
  let resolveHappened: () => void = () => undefined
  let happened = Promise.resolve()

  function inspector({ client, upstream, close }: Link) {
    const state = { inLedger: false, held: false, inTransaction: false }
    return (chunk: Buffer): 'pass' | 'swallow' => {
      const text = chunk.toString('latin1')
      if (isStatement(chunk) && (statements += 1) > left && failure !== null) {
        if (failure !== 'reset') client.write(errorResponse(failure, state.inTransaction))
        // A failed commit must not leave a transaction open.
        if (failure === 'reset') close()
        else if ('fatal' in failure || text.includes('COMMIT')) client.end()
        return 'swallow'
      }
      if (/\bBEGIN\b/.test(text)) state.inTransaction = true
      if (/\b(COMMIT|ROLLBACK)\b/.test(text)) state.inTransaction = false
      if (ledger !== 'none' && /INSERT INTO [^;]*billing_event/.test(text)) state.inLedger = true
      const commits = state.inLedger && text.includes('COMMIT')
      if (ledger === 'lostBeforeCommit' && commits) {
        close()
        resolveHappened()
        return 'swallow'
      }
      if ((ledger === 'heldBeforeCommit' && commits) || state.held) {
        state.held = true
        resolveHappened()
        return 'swallow'
      }
      if ((ledger === 'unanswered' && state.inLedger) || (ledger === 'heldAfterCommit' && commits)) {
        upstream.removeAllListeners('data')
        upstream.on('data', () => resolveHappened())
      }
      return 'pass'
    }
  }

  const proxy = await startTcpProxy({ host: target.hostname, port: Number(target.port || 5432), inspector })
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String(proxy.port)
  return {
    ...proxy,
    url: url.href,
    async set(next) {
      const ofLedger = isLedgerFault(next)
      ledger = ofLedger ? next : 'none'
      happened = new Promise((resolve) => (resolveHappened = resolve))
      await proxy.set(ofLedger ? 'none' : next)
    },
    failStatements(next, after = 0) {
      failure = next
      left = after
      statements = 0
    },
    statements: () => statements,
    happened: () => happened,
  }
}

const isLedgerFault = (fault: Fault): fault is LedgerFault =>
  ['lostBeforeCommit', 'heldBeforeCommit', 'heldAfterCommit', 'unanswered'].includes(fault)

/** Returns whether a chunk starts a simple query or the extended protocol's first message. BEGIN and ROLLBACK do not count. */
const isStatement = (chunk: Buffer): boolean =>
  (chunk[0] === 0x51 || chunk[0] === 0x50) && !chunk.includes('ROLLBACK') && !chunk.includes('BEGIN')

/** Encodes ErrorResponse and ReadyForQuery: https://www.postgresql.org/docs/current/protocol-message-formats.html */
function errorResponse(failure: Exclude<StatementFailure, 'reset'>, inTransaction: boolean): Buffer {
  const [severity, sqlState] = 'error' in failure ? ['ERROR', failure.error] : ['FATAL', failure.fatal]
  const fields = Buffer.from(`S${severity}\0V${severity}\0C${sqlState}\0Mrefused by the test\0\0`)
  const error = Buffer.concat([Buffer.from('E'), lengthOf(fields.length), fields])
  if (severity === 'FATAL') return error
  return Buffer.concat([error, Buffer.from('Z'), lengthOf(1), Buffer.from(inTransaction ? 'E' : 'I')])
}

function lengthOf(bytes: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32BE(bytes + 4)
  return buffer
}
