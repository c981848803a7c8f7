import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'

// The folder that the files of a test run share. It is inside `server`, so that bundles in it find the server's packages.

const runs = path.resolve(import.meta.dirname, '../../node_modules/.cache/gatepost-tests')
const own = path.join(runs, String(process.pid))

/** Creates this run's folder, sets GATEPOST_TEST_RUN to its path, and removes the folders of killed runs. Idempotent. */
export function makeRunFolder() {
  if (process.env.GATEPOST_TEST_RUN === own) return
  rmSync(own, { recursive: true, force: true })
  mkdirSync(own, { recursive: true })
  process.env.GATEPOST_TEST_RUN = own
  for (const pid of readdirSync(runs))
    if (!isRunning(Number(pid))) rmSync(path.join(runs, pid), { recursive: true, force: true })
}

export function removeRunFolder() {
  rmSync(own, { recursive: true, force: true })
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}
