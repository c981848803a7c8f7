import { testDatabaseUrl } from './database.ts'
import { startTcpProxy, type Link, type NetworkFault } from './tcp-proxy.ts'

/** What goes wrong between a server and its database, at a transaction that writes into the ledger. */
export type LedgerFault =
  /** The connection is lost when it is about to commit: nothing of it is done. */
  | 'lostBeforeCommit'
  /** Its commit is held back. */
  | 'heldBeforeCommit'
  /** It is committed, and the answer is held back. */
  | 'heldAfterCommit'
  /** What it asks first is never answered. */
  | 'unanswered'

export type Fault = NetworkFault | LedgerFault

/** An error of this SQLSTATE, one that also ends the connection, or no answer but the end of the connection. */
export type StatementFailure = { readonly error: string } | { readonly fatal: string } | 'reset'

export interface DatabaseProxy {
  readonly url: string
  set(fault: Fault): Promise<void>
  /** Fails every statement after the first `after`, without the database; null: none any more. */
  failStatements(failure: StatementFailure | null, after?: number): void
  /** Counts the statements since `failStatements` was called. */
  statements(): number
  /** Resolves when the fault of the ledger that is set has happened. */
  happened(): Promise<void>
  /** Resets every open connection. */
  cut(): void
  /** Counts the connections that were made through it. */
  connections(): number
  /** Counts the connections that are open. */
  open(): number
}

/** Stands between a server and this worker's database. Whatever it holds back is gone with its connection. */
export async function startDatabaseProxy(): Promise<DatabaseProxy> {
  const target = new URL(testDatabaseUrl())
  let ledger: LedgerFault | 'none' = 'none'
  let failure: StatementFailure | null = null
  let left = 0
  let statements = 0
  let tell: () => void = () => undefined
  let told = Promise.resolve()

  function inspector({ client, upstream, close }: Link) {
    const state = { inLedger: false, held: false, inTransaction: false }
    return (chunk: Buffer): 'pass' | 'swallow' => {
      const text = chunk.toString('latin1')
      if (isStatement(chunk) && (statements += 1) > left && failure !== null) {
        if (failure !== 'reset') client.write(errorResponse(failure, state.inTransaction))
        // A commit that fails must leave nothing open behind it.
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
        tell()
        return 'swallow'
      }
      if ((ledger === 'heldBeforeCommit' && commits) || state.held) {
        state.held = true
        tell()
        return 'swallow'
      }
      if ((ledger === 'unanswered' && state.inLedger) || (ledger === 'heldAfterCommit' && commits)) {
        upstream.removeAllListeners('data')
        upstream.on('data', () => tell())
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
      told = new Promise((resolve) => (tell = resolve))
      await proxy.set(ofLedger ? 'none' : next)
    },
    failStatements(next, after = 0) {
      failure = next
      left = after
      statements = 0
    },
    statements: () => statements,
    happened: () => told,
  }
}

const isLedgerFault = (fault: Fault): fault is LedgerFault =>
  ['lostBeforeCommit', 'heldBeforeCommit', 'heldAfterCommit', 'unanswered'].includes(fault)

/** Whether a chunk begins a simple query or the extended protocol's first message. A ROLLBACK must end what is open. */
const isStatement = (chunk: Buffer): boolean =>
  (chunk[0] === 0x51 || chunk[0] === 0x50) && !chunk.includes('ROLLBACK') && !chunk.includes('BEGIN')

/** Makes ErrorResponse and ReadyForQuery: https://www.postgresql.org/docs/current/protocol-message-formats.html */
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
