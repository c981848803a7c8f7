import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { readScriptSettings } from '../env.ts'
import { neededPorts, portProblems } from './ports.ts'
import { freePort } from '../../server/test/support/free-ports.mjs'

process.env.NO_DOTENV = '1'
const open: Server[] = []

afterEach(async () => {
  for (const server of open.splice(0)) await new Promise((resolve) => server.close(resolve))
})

async function takenPort(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host)
  open.push(server)
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject))
  return (server.address() as { port: number }).port
}

test('names each taken port and its setting', async () => {
  const [first, second, free] = [await takenPort(), await takenPort('0.0.0.0'), await freePort()]
  const ports = [
    { port: first, what: 'the API', setting: 'PORT' },
    { port: second, what: 'the local database', setting: 'DATABASE_PORT' },
    { port: free, what: 'the local identity provider', setting: 'IDENTITY_PORT' },
  ]
  expect(await portProblems(ports, undefined, 0)).toEqual([
    `Port ${first} for the API is taken. Set PORT to another port, or stop the program that uses it.`,
    `Port ${second} for the local database is taken. Set DATABASE_PORT to another port, or stop the program that uses it.`,
  ])
})

test('waits for a port that comes free', async () => {
  const port = await takenPort()
  const onWait = () => open.pop()?.close()
  expect(await portProblems([{ port, what: 'the API', setting: 'PORT' }], onWait, 5_000)).toEqual([])
})

test('refuses the same port for two services', async () => {
  const ports = [
    { port: 4000, what: 'the API', setting: 'PORT' },
    { port: 4000, what: 'the local database', setting: 'DATABASE_PORT' },
  ]
  expect(await portProblems(ports)).toEqual([
    'Port 4000 is set for the local database (DATABASE_PORT) and for the API (PORT). Set one of them to another port.',
  ])
})

test.each([
  [{}, ['PORT', 'SITE_PORT', 'IDENTITY_PORT', 'PAYMENTS_PORT', 'DATABASE_PORT']],
  [{ usesLocalDatabase: false }, ['PORT', 'SITE_PORT', 'IDENTITY_PORT', 'PAYMENTS_PORT']],
  [{ usesLocalIdentity: false }, ['PORT', 'SITE_PORT', 'PAYMENTS_PORT', 'DATABASE_PORT']],
  [{ usesLocalPayments: false }, ['PORT', 'SITE_PORT', 'IDENTITY_PORT', 'DATABASE_PORT']],
])('needs no port for an external service: %j', (uses, settings) => {
  const everything = { usesLocalDatabase: true, usesLocalIdentity: true, usesLocalPayments: true }
  expect(neededPorts({ ...readScriptSettings(), ...everything, ...uses }).map(({ setting }) => setting)).toEqual(
    settings,
  )
})

test('needs no port for the site with --api', () => {
  const ports = neededPorts(
    { ...readScriptSettings(), usesLocalDatabase: false, usesLocalIdentity: false, usesLocalPayments: false },
    false,
  )
  expect(ports.map(({ setting }) => setting)).toEqual(['PORT'])
})
