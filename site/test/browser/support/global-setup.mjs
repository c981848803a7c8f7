import { spawn } from 'node:child_process'
import { mkdir, open, rm } from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import { environmentOfTests } from '../../../../scripts/start/environment.mjs'
import { ownPorts } from '../../../../server/test/support/own-ports.mjs'
import { makeRunFolder } from '../../../../server/test/support/run-folder.mjs'

const root = path.resolve(import.meta.dirname, '../../../..')
/** The same each time if they are free: addresses are built into the site, and a built site is kept. */
const usualPorts = {
  PORT: '14000',
  SITE_PORT: '18000',
  IDENTITY_PORT: '14001',
  PAYMENTS_PORT: '14002',
  DATABASE_PORT: '14003',
}

/**
 * Starts everything by `npm start`'s own program, with ports, data and a copy of the site of its own; in the background, since
 * the build of the site takes a minute or two: other tests run meanwhile, and those of the browser wait for it (stack.ts).
 */
export default async function globalSetup() {
  makeRunFolder()
  const ports = (await areFree(Object.values(usualPorts))) ? usualPorts : await ownPorts()
  const {
    PORT: api,
    SITE_PORT: site,
    IDENTITY_PORT: identity,
    PAYMENTS_PORT: payments,
    DATABASE_PORT: database,
  } = ports
  // Another run of the tests keeps the usual ones: it has the usual folder too.
  const data = path.join(root, '.data', ports === usualPorts ? 'test-start' : `test-start-${site}`)
  await mkdir(data, { recursive: true })
  // The built site stays; who signed in and what was written before does not.
  for (const old of ['database', 'identity', 'payments', 'locks'])
    await rm(path.join(data, old), { recursive: true, force: true })
  const stack = {
    api: `http://localhost:${api}/graphql`,
    site: `http://localhost:${site}`,
    /** The same site under another host name: the identity provider is then a third party to it. */
    elsewhere: `http://127.0.0.1:${site}`,
    identity: `http://localhost:${identity}`,
    payments: `http://localhost:${payments}`,
    databaseUrl: `postgresql://postgres@127.0.0.1:${database}/gatepost`,
    built: path.join(data, 'site/public'),
    log: path.join(data, 'start.log'),
  }
  const log = await open(stack.log, 'w')
  const child = spawn(process.execPath, [path.join(root, 'scripts/start.mjs')], {
    cwd: root,
    stdio: ['ignore', log.fd, log.fd],
    env: {
      ...environmentOfTests(),
      NODE_ENV: 'development',
      DATA_DIR: data,
      ...ports,
      SITE_URL: stack.site,
      CORS_ORIGINS: stack.elsewhere,
      GATSBY_SITE_URL: stack.site,
      RATE_LIMIT_ADDRESS: '1000000',
      RATE_LIMIT_ANONYMOUS: '100000',
      RATE_LIMIT_MEMBER: '100000',
    },
  })
  await log.close()
  Object.assign(globalThis, { testStart: { child, leftover: ports === usualPorts ? null : data } })
  process.env.GATEPOST_TEST_STACK = JSON.stringify({ ...stack, pid: child.pid })
}

/** @param {readonly string[]} ports */
async function areFree(ports) {
  const answers = await Promise.all(
    ports.map(
      (port) =>
        new Promise((resolve) => {
          const server = net.createServer().once('error', () => resolve(false))
          server.listen(Number(port), '127.0.0.1', () => server.close(() => resolve(true)))
        }),
    ),
  )
  return answers.every(Boolean)
}
