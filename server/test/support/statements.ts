import { afterAll } from '@jest/globals'
import pg from 'pg'

/**
 * Every SQL statement that the driver sends from now on, whoever sends it. Seen at the driver, below Prisma: what it does
 * not count was not sent.
 */
export function watchStatements(): string[] {
  const statements: string[] = []
  const prototype = pg.Client.prototype as unknown as { query: (...values: unknown[]) => unknown }
  const { query } = prototype
  prototype.query = function (this: unknown, ...values: unknown[]) {
    const [config] = values
    const text = typeof config === 'string' ? config : (config as { text?: unknown } | null)?.text
    statements.push(typeof text === 'string' ? text : 'unknown')
    return query.apply(this, values)
  }
  afterAll(() => {
    prototype.query = query
  })
  return statements
}
