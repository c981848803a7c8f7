import pg from 'pg'
import { testDatabaseUrl } from '../support/database.ts'

/** The constraints and trigger messages that tests have violated so far. */
export const broken = new Set<string>()

/** Runs statements in a transaction that is rolled back. @returns PostgreSQL's error, or null */
export async function attempt(...statements: string[]): Promise<{ code: string; message: string } | null> {
  const client = new pg.Client({ connectionString: testDatabaseUrl() })
  await client.connect()
  try {
    await client.query('BEGIN')
    for (const sql of statements) await client.query(sql)
    // Checks deferred constraints now instead of at the commit.
    await client.query('SET CONSTRAINTS ALL IMMEDIATE')
    return null
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error
    const message = error.constraint ?? error.message
    broken.add(message)
    return { code: error.code ?? '', message }
  } finally {
    await client.query('ROLLBACK')
    await client.end()
  }
}

export const restrict = '23001'
export const check = '23514'
export const uniqueness = '23505'
export const foreignKey = '23503'

export const q = (value: string | null): string => (value === null ? 'NULL' : `'${value}'`)
