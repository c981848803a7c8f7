import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  linkSync,
  writeFileSync,
} from 'node:fs'
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

// A lock with one holder at a time, which also works after kill -9. Plain JavaScript without dependencies, because the installation itself
// takes such a lock.
//
// A lock is a series of numbered files `name.1`, `name.2`, …, of which the highest counts. A process takes the lock by creating the
// next number, which the file system allows only once. With a single file, a process that removes a dead owner's file could remove the
// file of a new owner, and both would hold the lock.

/**
 * @typedef {{ pid: number, process: string, machine: string, note: Record<string, unknown>, released?: boolean }} Owner
 *   `process` distinguishes a process from a later one with the same id. `machine` is this boot of this machine or container.
 * @typedef {{ release: () => void }} Lock
 */

export class LockHeldError extends Error {
  /** @param {Owner} owner @param {string} file */
  constructor(owner, file) {
    super(
      owner.machine === machine()
        ? `process ${owner.pid} holds it`
        : `process ${owner.pid} of another machine or container holds it (if that one is gone, delete ${file})`,
    )
    this.name = 'LockHeldError'
    this.owner = owner
  }
}

/**
 * Takes a lock. Takes over the lock of a dead owner.
 *
 * @param {string} folder created if it is missing
 * @param {string} name
 * @param {Record<string, unknown>} [note] information about the holder for other processes
 * @returns {Lock}
 * @throws {LockHeldError}
 */
export function takeLock(folder, name, note = {}) {
  mkdirSync(folder, { recursive: true })
  const mine = path.join(folder, `.${name}.${randomUUID()}`)
  /** @type {Owner} */
  const owner = { pid: process.pid, process: processMark(process.pid) ?? '', machine: machine(), note }
  writeFileSync(mine, JSON.stringify(owner))
  try {
    for (;;) {
      const before = highest(folder, name)
      if (before > 0) {
        const holder = readOwner(fileOf(folder, name, before))
        if (holder && isAlive(holder)) throw new LockHeldError(holder, fileOf(folder, name, before))
      }
      const number = before + 1
      try {
        linkSync(mine, fileOf(folder, name, number))
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') continue
        throw error
      }
      if (highest(folder, name) > number) {
        // The state was outdated: another process has taken the lock meanwhile.
        rmSync(fileOf(folder, name, number), { force: true })
        continue
      }
      for (const lower of numbers(folder, name))
        if (lower < number) rmSync(fileOf(folder, name, lower), { force: true })
      return { release: () => release(fileOf(folder, name, number), owner) }
    }
  } finally {
    rmSync(mine, { force: true })
  }
}

/**
 * Takes a lock as soon as it is free.
 *
 * @param {string} folder
 * @param {string} name
 * @param {{ patienceMilliseconds?: number, onWait?: (owner: Owner) => void }} [options] default timeout: 10 minutes
 * @returns {Promise<Lock>}
 */
export async function waitForLock(folder, name, { patienceMilliseconds = 600_000, onWait } = {}) {
  const deadline = Date.now() + patienceMilliseconds
  let reported = false
  for (;;) {
    try {
      return takeLock(folder, name)
    } catch (error) {
      if (!(error instanceof LockHeldError) || Date.now() > deadline) throw error
      if (!reported) onWait?.(error.owner)
      reported = true
      await sleep(100)
    }
  }
}

/**
 * Returns the current owner of a lock, or null.
 *
 * @param {string} folder
 * @param {string} name
 * @returns {Owner | null}
 */
export function lockOwner(folder, name) {
  const number = existsSync(folder) ? highest(folder, name) : 0
  const owner = number > 0 ? readOwner(fileOf(folder, name, number)) : null
  return owner && isAlive(owner) ? owner : null
}

/** Marks the file as released. It is not deleted, because a slow process could then take a used number. @param {string} file @param {Owner} owner */
function release(file, owner) {
  if (readOwner(file)?.process !== owner.process) return
  writeFileSync(`${file}.released`, JSON.stringify({ ...owner, released: true }))
  renameSync(`${file}.released`, file)
}

/** @param {string} folder @param {string} name @param {number} number */
const fileOf = (folder, name, number) => path.join(folder, `${name}.${number}`)

/** @param {string} folder @param {string} name */
function numbers(folder, name) {
  return readdirSync(folder)
    .filter((file) => file.startsWith(`${name}.`) && /^\d+$/.test(file.slice(name.length + 1)))
    .map((file) => Number(file.slice(name.length + 1)))
}

/** @param {string} folder @param {string} name */
const highest = (folder, name) => Math.max(0, ...numbers(folder, name))

/** Returns the owner, or null if the file is missing or invalid. @param {string} file @returns {Owner | null} */
function readOwner(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/** @param {Owner} owner */
function isAlive(owner) {
  if (owner.released) return false
  const here = machine()
  // After a restart of the machine no earlier process is alive. For another container this is unknown, so the lock is respected.
  if (owner.machine !== here) return owner.machine.split('/')[1] !== here.split('/')[1]
  const mark = processMark(owner.pid)
  return mark !== null && (mark === owner.process || owner.process === '')
}

/** `boot/namespace`. */
function machine() {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return 'unknown/unknown'
  }
}

/**
 * Returns the start time of a process, which distinguishes it from a later one with the same id, or null if it does not run.
 *
 * @param {number} pid
 * @returns {string | null}
 */
function processMark(pid) {
  if (process.platform === 'linux') {
    try {
      // The name in parentheses can contain any character. After it, the state is the first field and the start time the 20th.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      return fields[0] === 'Z' || fields[0] === 'X' ? null : String(fields[19])
    } catch {
      return null
    }
  }
  if (process.platform !== 'win32') {
    try {
      const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
      return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '')
    } catch {
      return null
    }
  }
  try {
    process.kill(pid, 0)
    return 'running'
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM' ? 'running' : null
  }
}
