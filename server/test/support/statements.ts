import { afterAll } from '@jest/globals'
import pg from 'pg'
import { testDatabaseUrl } from './database.ts'

/**
 * Records all SQL statements that the driver sends to this file's database from now on. It wraps the driver below Prisma, so it misses
 * none. Statements to other databases, such as dropping those of earlier files, are not recorded.
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
