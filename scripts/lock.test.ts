import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { LockHeldError, lockOwner, takeLock, waitForLock } from './lock.mjs'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'gatepost-lock-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const lockModule = pathToFileURL(path.join(import.meta.dirname, 'lock.mjs')).href

/** Starts a process that tries to take the lock at an instant, reports the result, and keeps the lock until it is killed. */
function contender(at = Date.now()) {
  const code = `
    import { takeLock } from ${JSON.stringify(lockModule)}
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, ${at} - 20 - Date.now())))
    while (Date.now() < ${at});
    try { takeLock(${JSON.stringify(folder)}, 'thing', { port: 7 }); console.log('mine') } catch { console.log('held') }
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const said = new Promise<string>((resolve) =>
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())),
  )
  const killed = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
  return { said, killed, pid: child.pid }
}

test('refuses a second holder, then lets the next in', () => {
  const lock = takeLock(folder, 'thing')
  expect(() => takeLock(folder, 'thing')).toThrow(LockHeldError)
  takeLock(folder, 'another').release()
  lock.release()
  takeLock(folder, 'thing').release()
  expect(lockOwner(folder, 'thing')).toBeNull()
})

test('names the holder', async () => {
  const holder = contender()
  expect(await holder.said).toBe('mine')
  expect(lockOwner(folder, 'thing')).toMatchObject({ pid: holder.pid, note: { port: 7 } })
  expect(() => takeLock(folder, 'thing')).toThrow(`process ${holder.pid} holds it`)
  await holder.killed()
  expect(lockOwner(folder, 'thing')).toBeNull()
})

test('only one of many takes over from a dead owner', async () => {
  for (let round = 0; round < 3; round++) {
    const at = Date.now() + 1_000
    const all = Array.from({ length: 6 }, () => contender(at))
    const said = await Promise.all(all.map((one) => one.said))
    expect(said.filter((word) => word === 'mine')).toHaveLength(1)
    await Promise.all(all.map((one) => one.killed()))
  }
  expect(readdirSync(folder)).toHaveLength(1)
}, 60_000)

test('takes over if the process id now belongs to another process', async () => {
  const holder = contender()
  await holder.said
  const file = path.join(folder, 'thing.1')
  const owner = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  await holder.killed()
  // This process has another start time than the owner.
  writeFileSync(file, JSON.stringify({ ...owner, pid: process.pid }))
  takeLock(folder, 'thing').release()
})

test('refuses a lock of another machine', async () => {
  takeLock(folder, 'thing')
  const file = path.join(folder, 'thing.1')
  const owner = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  writeFileSync(`${file}.new`, JSON.stringify({ ...owner, machine: 'elsewhere/pid:[1]' }))
  renameSync(`${file}.new`, file)
  expect(() => takeLock(folder, 'thing')).toThrow(`delete ${file}`)
})

test('takes over a lock from before the start of the machine', () => {
  takeLock(folder, 'thing')
  const file = path.join(folder, 'thing.1')
  const owner = JSON.parse(readFileSync(file, 'utf8')) as { machine: string }
  writeFileSync(file, JSON.stringify({ ...owner, machine: owner.machine.replace(/^[^/]*/, 'an-earlier-boot') }))
  takeLock(folder, 'thing').release()
})

test('takes over an invalid lock file', () => {
  writeFileSync(path.join(folder, 'thing.4'), 'half a l')
  takeLock(folder, 'thing').release()
  expect(readdirSync(folder)).toEqual(['thing.5'])
})

test('waits until it is free', async () => {
  const lock = takeLock(folder, 'thing')
  const order: string[] = []
  const waiting = waitForLock(folder, 'thing', { onWait: () => order.push('waits') }).then((next) => {
    order.push('taken')
    next.release()
  })
  await new Promise((resolve) => setTimeout(resolve, 250))
  order.push('released')
  lock.release()
  await waiting
  expect(order).toEqual(['waits', 'released', 'taken'])
})
