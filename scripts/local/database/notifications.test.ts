import { setTimeout as sleep } from 'node:timers/promises'
import type { PGlite } from '@electric-sql/pglite'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { changesIn } from './channels.ts'
import { initialDatabase } from './image.ts'
import { openWireServer, type WireServer } from './wire-server.ts'

// LISTEN and NOTIFY as PostgreSQL does them, although all clients share one session.

let db: PGlite
let server: WireServer
const open: pg.Client[] = []
const heard: string[] = []

beforeAll(async () => {
  db = await initialDatabase('memory://')
  server = await openWireServer({
    port: 0,
    holdMilliseconds: 500,
    serves: () => true,
    onBroken: (error) => {
      throw error
    },
  })
  await server.serve(db)
  const client = await newClient('setup')
  await client.query(`
    CREATE TABLE thing (id int PRIMARY KEY);
    CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_notify('things', NEW.id::text); RETURN NULL; END $$;
    CREATE TRIGGER tell AFTER INSERT ON thing FOR EACH ROW EXECUTE FUNCTION tell()`)
}, 120_000)

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.end().catch(() => undefined)))
  heard.length = 0
})

afterAll(async () => {
  await server.close()
  await db.close()
})

async function newClient(name: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: `postgresql://postgres@127.0.0.1:${server.port}/gatepost`,
    query_timeout: 8_000,
  })
  client.on('error', () => undefined)
  client.on('notification', ({ channel, payload }) => heard.push(`${name}: ${channel} ${payload}`))
  open.push(client)
  await client.connect()
  return client
}

/** What was heard in a while in which nobody asked anything: it has to come by itself. */
async function hear(count: number): Promise<string[]> {
  for (let tries = 0; tries < 100 && heard.length < count; tries += 1) await sleep(10)
  await sleep(30)
  return heard.splice(0).sort()
}

test('comes to idle clients that listen, and to nobody else', async () => {
  const [one, two, other] = [await newClient('one'), await newClient('two'), await newClient('other')]
  const sender = await newClient('sender')
  await one.query('LISTEN news')
  await two.query('LISTEN "news"')
  await other.query('LISTEN weather')
  await sender.query("NOTIFY news, 'hello'")
  expect(await hear(2)).toEqual(['one: news hello', 'two: news hello'])
  await sender.query("SELECT pg_notify('weather', $1)", ['rain'])
  expect(await hear(1)).toEqual(['other: weather rain'])
})

test('comes to oneself', async () => {
  const client = await newClient('me')
  await client.query("LISTEN news; NOTIFY news, 'first'")
  await client.query("NOTIFY news, 'second'")
  expect(await hear(2)).toEqual(['me: news first', 'me: news second'])
})

test('comes when its transaction is committed, and not before', async () => {
  const [listener, sender] = [await newClient('listener'), await newClient('sender')]
  await listener.query('LISTEN news')
  await sender.query('BEGIN')
  await sender.query("NOTIFY news, 'one'")
  await sender.query("SELECT pg_notify('news', 'two')")
  expect(await hear(0)).toEqual([])
  await sender.query('COMMIT')
  expect(await hear(2)).toEqual(['listener: news one', 'listener: news two'])
})

test('never comes from what was rolled back', async () => {
  const [listener, sender] = [await newClient('listener'), await newClient('sender')]
  await listener.query('LISTEN news')
  await sender.query("BEGIN; NOTIFY news, 'undone'; ROLLBACK")
  await expect(sender.query("NOTIFY news, 'undone'; SELECT 1 / 0")).rejects.toMatchObject({ code: '22012' })
  await sender.query("BEGIN; NOTIFY news, 'undone'")
  await sender.end()
  expect(await hear(0)).toEqual([])
})

test('comes from a trigger, each text once in a transaction', async () => {
  const [listener, sender] = [await newClient('listener'), await newClient('sender')]
  await listener.query('LISTEN things')
  await sender.query('INSERT INTO thing SELECT $1::int + n FROM generate_series(0, 1) n', [1])
  expect(await hear(2)).toEqual(['listener: things 1', 'listener: things 2'])
})

test('one client’s UNLISTEN is not the others’', async () => {
  const [one, two, sender] = [await newClient('one'), await newClient('two'), await newClient('sender')]
  for (const client of [one, two]) await client.query('LISTEN news; LISTEN weather')
  await one.query('UNLISTEN news')
  await sender.query("NOTIFY news, 'a'; NOTIFY weather, 'b'")
  expect(await hear(3)).toEqual(['one: weather b', 'two: news a', 'two: weather b'])
  await one.query('UNLISTEN *')
  await sender.query("NOTIFY news, 'a'; NOTIFY weather, 'b'")
  expect(await hear(2)).toEqual(['two: news a', 'two: weather b'])
  await one.query('LISTEN news')
  await one.query('DISCARD ALL')
  await sender.query("NOTIFY news, 'a'")
  expect(await hear(1)).toEqual(['two: news a'])
})

test('a client that is gone listens no more', async () => {
  const [gone, stays] = [await newClient('gone'), await newClient('stays')]
  await gone.query('LISTEN news; LISTEN weather')
  await stays.query('LISTEN news')
  await gone.end()
  for (let tries = 0; tries < 100; tries += 1) {
    const { rows } = await stays.query<{ channel: string }>('SELECT pg_listening_channels() AS channel')
    if (rows.length === 1) break
  }
  await stays.query("NOTIFY news, 'still'; NOTIFY weather, 'nobody'")
  expect(await hear(1)).toEqual(['stays: news still'])
  await stays.end()
  const next = await newClient('next')
  expect((await next.query('SELECT pg_listening_channels()')).rows).toEqual([])
})

test('LISTEN counts with its transaction', async () => {
  const [client, sender] = [await newClient('client'), await newClient('sender')]
  await client.query('BEGIN; LISTEN undone; ROLLBACK')
  await expect(client.query('LISTEN undone; SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' })
  await client.query('BEGIN')
  await client.query('LISTEN done')
  await client.query('COMMIT')
  await sender.query("NOTIFY undone, 'a'; NOTIFY done, 'b'")
  expect(await hear(1)).toEqual(['client: done b'])
})

test('a prepared LISTEN counts when it is executed', async () => {
  const [client, sender] = [await newClient('client'), await newClient('sender')]
  await client.query({ name: 'later', text: 'LISTEN news' })
  await client.query({ text: 'LISTEN weather', values: [] })
  await sender.query("NOTIFY news, 'a'; NOTIFY weather, 'b'")
  expect(await hear(2)).toEqual(['client: news a', 'client: weather b'])
})

test('answers stay whole beside many notifications', async () => {
  const [listener, sender] = [await newClient('listener'), await newClient('sender')]
  await listener.query('LISTEN news')
  const answers = await Promise.all([
    sender.query("SELECT pg_notify('news', n::text), repeat('x', 1000) AS x FROM generate_series(1, 500) n"),
    listener.query("SELECT pg_notify('news', n::text), repeat('y', 1000) AS x FROM generate_series(501, 1000) n"),
  ])
  expect(answers.map(({ rows }) => rows.length)).toEqual([500, 500])
  expect(new Set(await hear(1000)).size).toBe(1000)
})

const listen = (channel: string | null) => ({ listen: true, channel })
const unlisten = (channel: string | null) => ({ listen: false, channel })
test.each([
  ['LISTEN news', [listen('news')]],
  ['  listen News ;', [listen('news')]],
  ['LISTEN "Some ""News"";"', [listen('Some "News";')]],
  ['BEGIN; LISTEN a;LISTEN b; UNLISTEN a; COMMIT', [listen('a'), listen('b'), unlisten('a')]],
  ['UNLISTEN *; DISCARD ALL', [unlisten(null), unlisten(null)]],
  ['-- LISTEN a;\nLISTEN b /* ; LISTEN c; */', [listen('b')]],
  ["SELECT '; LISTEN a;', E'\\'; LISTEN b;', $$; LISTEN c;$$, $x$;LISTEN d; $$ $x$; LISTEN e", [listen('e')]],
  ['SELECT "; LISTEN a;"; LISTEN ü', [listen('ü')]],
  ["SELECT 'unfinished; LISTEN a", []],
  ['SELECT listener FROM listen', []],
  ["DO $$ BEGIN EXECUTE 'LISTEN a'; END $$", []],
])('%j', (sql, changes) => {
  expect(changesIn(sql)).toEqual(changes)
})
