import { connect, createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PGlite } from '@electric-sql/pglite'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { initialDatabase } from './image.ts'
import { openWireServer, type WireServer } from './wire-server.ts'

let db: PGlite
let server: WireServer
let url: string
const open: (pg.Client | pg.Pool)[] = []

beforeAll(async () => {
  db = await initialDatabase('memory://')
  server = await openWireServer({
    port: 0,
    maxClients: 30,
    holdMilliseconds: 500,
    serves: (name) => name === 'gatepost',
    onBroken: (error) => {
      throw error
    },
  })
  await server.serve(db)
  url = `postgresql://postgres@127.0.0.1:${server.port}/gatepost`
  const client = await newClient()
  await client.query('CREATE TABLE account (id int PRIMARY KEY, amount int NOT NULL)')
  await client.query('INSERT INTO account VALUES (1, 1000), (2, 1000)')
}, 60_000)

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.end().catch(() => undefined)))
})

afterAll(async () => {
  await server.close()
  await db.close()
})

async function newClient(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, query_timeout: 8_000 })
  client.on('error', () => undefined)
  open.push(client)
  await client.connect()
  return client
}

function newPool(max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max, query_timeout: 8_000 })
  pool.on('error', () => undefined)
  open.push(pool)
  return pool
}

/** Breaks the connection without a word, as kill -9 does. */
function die(client: pg.Client): void {
  ;(client as unknown as { connection: { stream: { destroy: () => void } } }).connection.stream.destroy()
}

const sum = async (client: pg.Client | pg.Pool) =>
  (await client.query<{ total: number }>('SELECT sum(amount)::int AS total FROM account')).rows[0]?.total

test('keeps transactions of two pools apart', async () => {
  const pools = [newPool(10), newPool(5)] as const
  const transfer = async (pool: pg.Pool, number: number) => {
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      const { rows } = await client.query<{ amount: number }>('SELECT amount FROM account WHERE id = $1', [1])
      await sleep(number % 3)
      // Read, then write what was read: an update lost to another transaction would show in the end.
      await client.query('UPDATE account SET amount = $2 WHERE id = $1', [1, (rows[0]?.amount ?? 0) - 1])
      await client.query('UPDATE account SET amount = amount + 1 WHERE id = $1', [2])
      await client.query(number % 4 === 0 ? 'ROLLBACK' : 'COMMIT')
    } finally {
      client.release()
    }
  }
  const sums: (number | undefined)[] = []
  await Promise.all([
    ...Array.from({ length: 40 }, (_, number) => transfer(pools[number % 2 === 0 ? 0 : 1], number)),
    ...Array.from({ length: 60 }, async (_, number) => sums.push(await sum(pools[number % 3 === 0 ? 0 : 1]))),
  ])
  const { rows } = await pools[0].query('SELECT id, amount FROM account ORDER BY id')
  expect(rows).toEqual([
    { id: 1, amount: 970 },
    { id: 2, amount: 1030 },
  ])
  expect(new Set(sums)).toEqual(new Set([2000]))
}, 30_000)

test('answers each client its own large query', async () => {
  const pools = [newPool(10), newPool(5)] as const
  const large = 'x'.repeat(300_000)
  const answers = await Promise.all(
    Array.from({ length: 150 }, async (_, number) => {
      const pool = pools[number % 3 === 0 ? 0 : 1]
      const values = number % 2 === 0 ? [large, number] : ['', number]
      const { rows } = await pool.query('SELECT length($1::text) AS length, $2::int AS number', values)
      return rows[0] as unknown
    }),
  )
  expect(answers).toEqual(answers.map((_, number) => ({ length: number % 2 === 0 ? 300_000 : 0, number })))
}, 30_000)

test('undoes the transaction of a dead client', async () => {
  const [victim, next] = [await newClient(), await newClient()]
  await victim.query('BEGIN')
  await victim.query('INSERT INTO account VALUES (7, 7)')
  die(victim)
  expect((await next.query('SELECT count(*)::int AS n FROM account WHERE id = 7')).rows).toEqual([{ n: 0 }])
  await expect(next.query('SAVEPOINT inherited')).rejects.toMatchObject({ code: '25P01' })
})

test.each([0, 1, 2, 5, 10])('undoes a transaction broken off after %i ms', async (milliseconds) => {
  const [victim, next] = [await newClient(), await newClient()]
  victim.query('BEGIN; INSERT INTO account VALUES (8, 8)').catch(() => undefined)
  await sleep(milliseconds)
  die(victim)
  expect((await next.query('SELECT count(*)::int AS n FROM account WHERE id = 8')).rows).toEqual([{ n: 0 }])
})

test.each([
  ['wrong', 'SELECT nonsense FROM nowhere'],
  ['right', 'INSERT INTO account VALUES (9, 9)'],
])('undoes a half query that was %s', async (_, text) => {
  const [victim, next] = [await newClient(), await newClient()]
  const connection = (
    victim as unknown as { connection: Record<'parse' | 'bind' | 'execute', (input: object) => void> }
  ).connection
  connection.parse({ text })
  connection.bind({})
  connection.execute({})
  await sleep(50)
  die(victim)
  expect((await next.query('SELECT $1::int AS n', [4])).rows).toEqual([{ n: 4 }])
  expect((await next.query('SELECT count(*)::int AS n FROM account WHERE id = 9')).rows).toEqual([{ n: 0 }])
})

test('keeps prepared statements of one name apart', async () => {
  const [one, two] = [await newClient(), await newClient()]
  const ask = (client: pg.Client, text: string) => client.query({ name: 'same', text, values: [1] })
  for (let round = 0; round < 3; round++) {
    expect((await ask(one, 'SELECT $1::int AS one')).rows).toEqual([{ one: 1 }])
    expect((await ask(two, "SELECT $1::int AS two, 'b' AS b")).rows).toEqual([{ two: 1, b: 'b' }])
  }
  await one.end()
  const { rows } = await two.query("SELECT count(*)::int AS n FROM pg_prepared_statements WHERE name LIKE '%same'")
  expect(rows).toEqual([{ n: 1 }])
})

test('brings a notification to who listens', async () => {
  const [listener, sender, other] = [await newClient(), await newClient(), await newClient()]
  const heard: string[] = []
  for (const [name, client] of Object.entries({ listener, sender, other })) {
    client.on('notification', ({ channel, payload }) => heard.push(`${name} ${channel} ${payload}`))
  }
  await listener.query('LISTEN news')
  await other.query('LISTEN weather')
  await sender.query("NOTIFY news, 'hello'")
  await listener.query('SELECT 1')
  expect(heard).toEqual(['listener news hello'])
})

test('goes on after a failed transaction', async () => {
  const [one, two] = [await newClient(), await newClient()]
  await one.query('BEGIN')
  await expect(one.query('INSERT INTO account VALUES ($1, $2)', [1, 1])).rejects.toMatchObject({ code: '23505' })
  const later = two.query('SELECT 5 AS five')
  await expect(one.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' })
  await one.query('ROLLBACK')
  expect((await later).rows).toEqual([{ five: 5 }])
})

test('lets a client in while a transaction is open', async () => {
  const holder = await newClient()
  await holder.query('BEGIN')
  const late = await newClient()
  const answer = late.query('SELECT 1 AS one')
  await holder.query('COMMIT')
  expect((await answer).rows).toEqual([{ one: 1 }])
})

test('cuts off who holds a transaction in silence', async () => {
  const [holder, next] = [await newClient(), await newClient()]
  const cut = new Promise<Error>((resolve) => holder.on('error', resolve))
  await holder.query('BEGIN')
  expect((await next.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  expect(await cut).toMatchObject({ code: '25P03' })
})

test('refuses another database by its name', async () => {
  const client = new pg.Client({ connectionString: url.replace('gatepost', 'gatepost_test') })
  client.on('error', () => undefined)
  await expect(client.connect()).rejects.toMatchObject({ code: '3D000' })
})

test('refuses one client too many', async () => {
  const clients: pg.Client[] = []
  const refusal = (async () => {
    for (let count = 0; count < 40; count++) clients.push(await newClient())
  })()
  await expect(refusal).rejects.toMatchObject({ code: '53300' })
  await Promise.all(clients.map((client) => client.end()))
})

test.each([
  ['an HTTP request', 'POST /graphql HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['nothing but zeros', '\0\0\0\0\0\0\0\0'],
  ['an endless start', '\x7f\xff\xff\xff\0\x03\0\0'],
])('hangs up on %s', async (_, bytes) => {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(bytes, 'latin1')
  await new Promise((resolve) => socket.on('close', resolve))
  expect((await (await newClient()).query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
})

test('refuses COPY FROM STDIN and goes on', async () => {
  const client = await newClient()
  await expect(client.query('COPY account FROM STDIN')).rejects.toMatchObject({ code: '0A000' })
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
})

test.each(['!!!!!!!!!!!!!!!!!!!!', '!\0\0\0\x04', 'p\0\0\0\x05\0', 'd\0\0\0\x05a'])(
  'survives %j after a start',
  async (bytes) => {
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => undefined)
    const words = Buffer.from('user\0postgres\0database\0gatepost\0\0')
    const start = Buffer.concat([Buffer.from([0, 0, 0, 8 + words.length, 0, 3, 0, 0]), words])
    socket.write(Buffer.concat([start, Buffer.from(bytes, 'latin1')]))
    await new Promise((resolve) => socket.on('close', resolve))
    expect((await (await newClient()).query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  },
)

test('F21: it listens on both addresses of localhost, and on neither if one is taken', async () => {
  for (const host of ['127.0.0.1', '[::1]']) {
    const client = new pg.Client({ connectionString: url.replace('127.0.0.1', host) })
    open.push(client)
    await client.connect()
    expect((await client.query<{ n: number }>('SELECT 1 AS n')).rows).toEqual([{ n: 1 }])
  }
  const other = createServer()
  const port = await new Promise<number>((resolve) =>
    other.listen(0, '::1', () => resolve((other.address() as AddressInfo).port)),
  )
  const options = { port, serves: () => true, onBroken: () => undefined }
  await expect(openWireServer(options)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await new Promise((resolve) => other.close(resolve))
  await (await openWireServer(options)).close()
})
