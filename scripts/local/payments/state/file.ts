import path from 'node:path'
import { z } from 'zod'
import { makePrivateFolder, readIfThere, replaceFile } from '../../shared/files.ts'
import type { Dump } from './store.ts'

/** How long changes are collected before they are written, in milliseconds. The time is longer if writing takes long. */
const gatherMilliseconds = 150
const gatherFactor = 10

const shape = z.object({
  version: z.literal(1),
  offsetMilliseconds: z.number().min(0),
  sequence: z.number().int().min(0),
  webhooksPaused: z.boolean(),
  // Tables of an earlier version that no longer exist are ignored.
  tables: z.record(z.string(), z.array(z.looseObject({ id: z.string() }))),
})

export interface Kept {
  offsetMilliseconds: number
  /** Number of events so far. */
  sequence: number
  webhooksPaused: boolean
  tables: Dump
}

interface StateFile {
  readonly kept: Kept
  /** Notes a change. It is written soon. */
  touch(): void
  /** Waits until everything is on disk. */
  flush(): Promise<void>
}

const nothing: Kept = { offsetMilliseconds: 0, sequence: 0, webhooksPaused: false, tables: {} }

/**
 * Opens the stored state: `state.json` in the folder. Without a folder nothing is stored.
 *
 * @param collect returns the state; called at each write
 * @throws Error in one line if the file is damaged. Memberships depend on it, so it is never dropped silently.
 */
export async function openStateFile(folder: string | null, collect: () => Kept): Promise<StateFile> {
  if (folder === null) return { kept: nothing, touch: () => {}, flush: async () => {} }
  await makePrivateFolder(folder)
  const file = path.join(folder, 'state.json')
  const kept = parse(await readIfThere(file), file)
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()
  let changed = false
  let writeMilliseconds = 0

  const write = () => {
    if (timer) clearTimeout(timer)
    timer = null
    writing = writing.then(async () => {
      if (!changed) return
      changed = false
      const began = Date.now()
      try {
        await replaceFile(file, JSON.stringify({ version: 1, ...collect() }))
      } catch (error) {
        changed = true
        console.error(`Payments could not be stored on disk: ${error instanceof Error ? error.message : String(error)}`)
      }
      writeMilliseconds = Date.now() - began
    })
    return writing
  }
  return {
    kept,
    touch: () => {
      changed = true
      timer ??= setTimeout(() => void write(), Math.max(gatherMilliseconds, gatherFactor * writeMilliseconds)).unref()
    },
    flush: write,
  }
}

function parse(text: string | null, file: string): Kept {
  if (text === null) return nothing
  try {
    return shape.parse(JSON.parse(text))
  } catch {
    throw new Error(`${file} is damaged. Delete it to start with no customers and the current date.`)
  }
}
