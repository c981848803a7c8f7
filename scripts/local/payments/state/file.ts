import path from 'node:path'
import { z } from 'zod'
import { makePrivateFolder, readIfThere, replaceFile } from '../../shared/files.ts'
import { tableNames, type Dump } from './store.ts'

/** How long changes are gathered before they are written, in milliseconds; longer when writing takes long. */
const gatherMilliseconds = 150
const gatherFactor = 10

const shape = z.object({
  version: z.literal(1),
  offsetMilliseconds: z.number().min(0),
  sequence: z.number().int().min(0),
  webhooksPaused: z.boolean(),
  tables: z.record(z.enum(tableNames), z.array(z.looseObject({ id: z.string() }))),
})

export interface Kept {
  offsetMilliseconds: number
  /** How many events there were. */
  sequence: number
  webhooksPaused: boolean
  tables: Dump
}

export interface StateFile {
  readonly kept: Kept
  /** Something changed; it is written soon. */
  touch(): void
  /** Waits until everything is on disk. */
  flush(): Promise<void>
}

const nothing: Kept = { offsetMilliseconds: 0, sequence: 0, webhooksPaused: false, tables: {} }

/**
 * What the provider remembers, in `state.json` in the folder; with no folder nothing is kept.
 *
 * @param collect what there is to write, asked at each write
 * @throws Error in one line when the file is damaged: memberships hang on it, so that it is not silently dropped
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
