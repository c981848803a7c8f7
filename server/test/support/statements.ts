import { afterAll } from '@jest/globals'
import pg from 'pg'
import { testDatabaseUrl } from './database.ts'

/**
 * Every SQL statement that the driver sends to this file's database from now on, whoever sends it. Seen at the driver, below Prisma:
 * what it does not count was not sent. The databases of earlier files are dropped meanwhile, over a connection to another one.
 */
export function watchStatements(): string[] {
  const statements: string[] = []
  const prototype = pg.Client.prototype as unknown as { query: (...values: unknown[]) => unknown }
  const { query } = prototype
  const own = new URL(testDatabaseUrl()).pathname.slice(1)
  prototype.query = function (this: { readonly database?: string }, ...values: unknown[]) {
    const [config] = values
    const text = typeof config === 'string' ? config : (config as { text?: unknown } | null)?.text
    if (this.database === own) statements.push(typeof text === 'string' ? text : 'unknown')
    return query.apply(this, values)
  }
  afterAll(() => {
    prototype.query = query
  })
  return statements
}
