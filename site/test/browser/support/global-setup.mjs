import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { environmentOfTests } from '../../../../scripts/start/environment.mjs'
import { freePorts } from '../../../../server/test/support/free-ports.mjs'

const root = path.resolve(import.meta.dirname, '../../../..')
/** The same each time if they are free: addresses are built into the site, and a built site is kept. */
const usualPorts = [14_000, 18_000, 14_001, 14_003]
const startWithinMilliseconds = 400_000

/** Starts everything by `npm start`'s own program, with ports, data and a copy of the site of its own. */
export default async function globalSetup() {
  const ports = (await areFree(usualPorts)) ? usualPorts : await freePorts(usualPorts.length)
  const [api, site, identity, database] = ports
  // Another run of the tests keeps the usual ones: it has the usual folder too.
  const data = path.join(root, '.data', ports === usualPorts ? 'test-start' : `test-start-${site}`)
  await mkdir(data, { recursive: true })
  // The built site stays; who signed in and what was written before does not.
  for (const old of ['database', 'identity', 'locks']) await rm(path.join(data, old), { recursive: true, force: true })
  const stack = {
    api: `http://localhost:${api}/graphql`,
    site: `http://localhost:${site}`,
    /** The same site under another host name: the identity provider is then a third party to it. */
    elsewhere: `http://127.0.0.1:${site}`,
    identity: `http://localhost:${identity}`,
    databaseUrl: `postgresql://postgres@127.0.0.1:${database}/gatepost`,
    built: path.join(data, 'site/public'),
    log: path.join(data, 'start.log'),
  }
  const child = spawn(process.execPath, [path.join(root, 'scripts/start.mjs')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...environmentOfTests(),
      NODE_ENV: 'development',
      DATA_DIR: data,
      PORT: String(api),
      SITE_PORT: String(site),
      IDENTITY_PORT: String(identity),
      DATABASE_PORT: String(database),
      SITE_URL: stack.elsewhere,
      CORS_ORIGINS: stack.site,
      GATSBY_SITE_URL: stack.site,
      RATE_LIMIT_ANONYMOUS: '100000',
      RATE_LIMIT_MEMBER: '100000',
    },
  })
  Object.assign(globalThis, { testStart: { child, leftover: ports === usualPorts ? null : data } })
  await running(child, stack.log)
  process.env.GATEPOST_TEST_STACK = JSON.stringify(stack)
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} logFile
 */
async function running(child, logFile) {
  const log = createWriteStream(logFile)
  /** @type {string[]} */
  const lines = []
  await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('npm start took too long')), startWithinMilliseconds)
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${lines.slice(-30).join('\n')}`)))
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`)
        lines.push(line)
        if (!line.startsWith('Gatepost is running')) return
        clearTimeout(late)
        resolve(undefined)
      })
    }
  })
}

/** @param {readonly number[]} ports */
async function areFree(ports) {
  const answers = await Promise.all(
    ports.map(
      (port) =>
        new Promise((resolve) => {
          const server = net.createServer().once('error', () => resolve(false))
          server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
        }),
    ),
  )
  return answers.every(Boolean)
}
