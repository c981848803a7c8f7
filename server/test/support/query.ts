import pg from 'pg'

/** Runs one statement on a new connection and returns its rows. */
export async function query<Row extends pg.QueryResultRow>(
  url: string,
  sql: string,
  ...values: readonly string[]
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  // The database may be dropped while the connection is open.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query<Row>(sql, [...values])).rows
  } finally {
    await client.end().catch(() => undefined)
  }
}
