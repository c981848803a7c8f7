import path from 'node:path'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import { z } from 'zod'
import { makePrivateFolder, readIfThere, replaceFile } from '../../shared/files.ts'

/** The models that are stored on disk. Codes and unfinished sign-ins are not. */
const storedModels = new Set(['Session', 'Grant', 'Account'])

/** The maximum number of entries of a model. The oldest are removed, so that a loop of sign-ins cannot fill memory or disk. */
const entriesPerModel = 500

const entryShape = z.object({
  payload: z.record(z.string(), z.unknown()),
  /** Milliseconds since 1970; null: never. */
  expiresAt: z.number().nullable(),
})
const fileShape = z.record(z.string(), z.array(z.tuple([z.string(), entryShape])))

interface Entry {
  readonly payload: AdapterPayload
  readonly expiresAt: number | null
}

export interface Store {
  /** Called by oidc-provider once for each model. */
  readonly adapter: (model: string) => Adapter
  /** The name that a new member typed. */
  nameOf(subject: string): string | undefined
  rememberName(subject: string, name: string): void
  /** Waits until everything is on disk. */
  flush(): Promise<void>
}

/**
 * Opens the store of oidc-provider: in memory, with sessions, grants and names in a file in `folder`. A damaged file counts as empty, and
 * readers sign in again.
 */
export async function openStore(folder: string): Promise<Store> {
  await makePrivateFolder(folder)
  const file = path.join(folder, 'sessions.json')
  const models = restore(await readIfThere(file))
  let writing: Promise<void> | null = null
  let changed = false

  const entriesOf = (model: string): Map<string, Entry> => {
    const entries = models.get(model) ?? new Map<string, Entry>()
    models.set(model, entries)
    return entries
  }
  const write = async () => {
    try {
      // The changes of a request are written together.
      await new Promise((resolve) => setImmediate(resolve))
      while (changed) {
        changed = false
        await replaceFile(file, serialise(models))
      }
    } catch (error) {
      console.error(`Sessions could not be stored on disk: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      writing = null
    }
  }
  const touch = (model: string) => {
    if (!storedModels.has(model)) return
    changed = true
    writing ??= write()
  }
  const put = (model: string, id: string, payload: AdapterPayload, lifetimeSeconds?: number) => {
    const entries = entriesOf(model)
    entries.delete(id)
    entries.set(id, { payload, expiresAt: lifetimeSeconds === undefined ? null : Date.now() + lifetimeSeconds * 1000 })
    makeRoom(entries)
    touch(model)
  }
  const get = (model: string, id: string): AdapterPayload | undefined => {
    const entry = entriesOf(model).get(id)
    return entry && isLive(entry) ? entry.payload : undefined
  }

  return {
    adapter: (model) => ({
      upsert: async (id, payload, expiresIn) => put(model, id, payload, expiresIn),
      find: async (id) => get(model, id),
      findByUid: async (uid) =>
        [...entriesOf(model).values()].find((one) => one.payload.uid === uid && isLive(one))?.payload,
      findByUserCode: async () => undefined,
      consume: async (id) => {
        const payload = get(model, id)
        if (payload) payload.consumed = Math.floor(Date.now() / 1000)
        touch(model)
      },
      destroy: async (id) => {
        entriesOf(model).delete(id)
        touch(model)
      },
      revokeByGrantId: async (grantId) => {
        const entries = entriesOf(model)
        for (const [id, entry] of entries) if (entry.payload.grantId === grantId) entries.delete(id)
        touch(model)
      },
    }),
    nameOf: (subject) => {
      const name = get('Account', subject)?.name
      return typeof name === 'string' ? name : undefined
    },
    rememberName: (subject, name) => put('Account', subject, { name }),
    flush: async () => {
      while (writing) await writing
    },
  }
}

const isLive = (entry: Entry): boolean => entry.expiresAt === null || entry.expiresAt > Date.now()

function makeRoom(entries: Map<string, Entry>): void {
  if (entries.size <= entriesPerModel) return
  for (const [id, entry] of entries) if (!isLive(entry)) entries.delete(id)
  for (const id of entries.keys()) {
    if (entries.size <= entriesPerModel) return
    entries.delete(id)
  }
}

function serialise(models: Map<string, Map<string, Entry>>): string {
  const kept = [...storedModels].map((model) => [
    model,
    [...(models.get(model) ?? [])].filter(([, entry]) => isLive(entry)),
  ])
  return JSON.stringify(Object.fromEntries(kept))
}

function restore(text: string | null): Map<string, Map<string, Entry>> {
  try {
    const kept = fileShape.parse(JSON.parse(text ?? '{}'))
    return new Map(Object.entries(kept).map(([model, entries]) => [model, new Map(entries)]))
  } catch {
    return new Map()
  }
}
