import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll } from '@jest/globals'
import { testDatabaseUrl } from './database.ts'

/** What goes wrong between a server and its database, at a transaction that writes into the ledger. */
export type Fault =
  | 'none'
  /** Nothing comes through, and nothing can be reached. */
  | 'down'
  /** The connection is lost when it is about to commit: nothing of it is done. */
  | 'lostBeforeCommit'
  /** Its commit is held back. */
  | 'heldBeforeCommit'
  /** It is committed, and the answer is held back. */
  | 'heldAfterCommit'
  /** What it asks first is never answered. */
  | 'silent'

export interface DatabaseProxy {
  readonly url: string
  set(fault: Fault): void
  /** Resolves when the fault that is set has happened. */
  happened(): Promise<void>
}

/** Stands between a server and this worker's database. Whatever it holds back is gone with its connection. */
export async function startDatabaseProxy(): Promise<DatabaseProxy> {
  const target = new URL(testDatabaseUrl())
  const open = new Set<Socket>()
  let fault: Fault = 'none'
  let tell: () => void = () => undefined
  let told = Promise.resolve()

  const server = createServer((client) => {
    if (fault === 'down') return void client.destroy()
    const database = connect(Number(target.port || 5432), target.hostname)
    const state = { inLedger: false, held: false }
    const close = () => {
      client.destroy()
      database.destroy()
      open.delete(client)
    }
    open.add(client)
    for (const socket of [client, database]) socket.on('error', close).on('close', close)
    client.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1')
      if (fault !== 'none' && /INSERT INTO [^;]*billing_event/.test(text)) state.inLedger = true
      const commits = state.inLedger && text.includes('COMMIT')
      if (fault === 'lostBeforeCommit' && commits) {
        close()
        return tell()
      }
      if ((fault === 'heldBeforeCommit' && commits) || state.held) {
        state.held = true
        return tell()
      }
      if ((fault === 'silent' && state.inLedger) || (fault === 'heldAfterCommit' && commits)) {
        database.removeAllListeners('data')
        database.on('data', () => tell())
      }
      database.write(chunk)
    })
    database.on('data', (chunk: Buffer) => client.write(chunk))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const closeAll = () => {
    for (const socket of open) socket.destroy()
  }
  afterAll(() => {
    server.close()
    closeAll()
  })
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    set(next) {
      fault = next
      told = new Promise((resolve) => (tell = resolve))
      if (next === 'down') closeAll()
    },
    happened: () => told,
  }
}
