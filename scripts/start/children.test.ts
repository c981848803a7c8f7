import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, expect, test } from '@jest/globals'
import { createChildren, StartError, type Children, type ChildSpec } from './children.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'gatepost-children-'))
const lines: string[] = []
const deaths: string[] = []
const all: Children[] = []

afterEach(() => {
  for (const children of all.splice(0)) children.killAll()
  lines.length = 0
  deaths.length = 0
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function createTestChildren(): Children {
  const children = createChildren({
    print: (name, line) => lines.push(`${name}: ${line}`),
    onDeath: (name, why) => deaths.push(`${name} ${why}`),
  })
  all.push(children)
  return children
}

/** Creates a child that runs JavaScript. The code calls `ready()`. */
function child(name: string, code: string, stopWithinMilliseconds = 5_000): ChildSpec {
  const script = path.join(folder, `${name}.mjs`)
  const ready = `const ready = () => process.send({ ready: true }); process.on('disconnect', () => process.exit())`
  writeFileSync(script, `${ready}\n${code}\nsetInterval(() => undefined, 1000)`)
  return { name, script, stopWithinMilliseconds }
}

const obedient = `process.on('SIGTERM', () => { console.log('stops'); process.exit(0) }); ready()`

const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('stops the last started first', async () => {
  const children = createTestChildren()
  for (const name of ['first', 'second', 'third']) await children.start(child(name, obedient))
  await children.stopAll()
  expect(lines).toEqual(['third: stops', 'second: stops', 'first: stops'])
  expect(deaths).toEqual([])
})

test('kills a child that does not stop, with its own children', async () => {
  const children = createTestChildren()
  const stubborn = `
    import { spawn } from 'node:child_process'
    process.on('SIGTERM', () => undefined)
    const own = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' })
    console.log(own.pid)
    own.once('spawn', ready)`
  await children.start(child('stubborn', stubborn, 200))
  await children.stopAll()
  expect(lines.at(-1)).toBe('stubborn: did not stop and was killed')
  const grandchild = Number(lines[0]?.split(' ')[1])
  while (runs(grandchild)) await new Promise((resolve) => setTimeout(resolve, 20))
})

test('reports why a child did not start', async () => {
  const children = createTestChildren()
  const failing = child('failing', `console.error('no such thing'); process.exit(3)`)
  await expect(children.start(failing)).rejects.toThrow(new StartError('failing did not start: it ended with code 3.'))
  expect(lines).toEqual(['failing: no such thing'])
})

test.each([
  ['process.exit(4)', 'mortal ended with code 4'],
  [`process.kill(process.pid, 'SIGKILL')`, 'mortal ended by SIGKILL'],
])('reports an exit by %s', async (code, death) => {
  const children = createTestChildren()
  await children.start(child('mortal', `ready(); setTimeout(() => { ${code} }, 100)`))
  while (deaths.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(deaths).toEqual([death])
})

test('restarts a stopped child', async () => {
  const children = createTestChildren()
  const spec = child('again', obedient)
  await children.start(spec)
  await children.stop('again')
  await children.start(spec)
  await children.stopAll()
  expect(lines).toEqual(['again: stops', 'again: stops'])
})

test('stops a child that is still starting', async () => {
  const children = createTestChildren()
  const starting = children.start(child('slow', ''))
  await Promise.all([expect(starting).rejects.toThrow('slow was stopped'), children.stopAll()])
})
