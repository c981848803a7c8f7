import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createClock, type Clock } from '../server/src/lib/clock.ts'
import type { ScriptSettings } from './env.ts'

/** The settings that the clock depends on. */
export type BusinessClockSettings = Pick<ScriptSettings, 'dataDir' | 'production' | 'usesLocalPayments'> & {
  readonly server: Pick<ScriptSettings['server'], 'payments'>
}

/** A provider that takes longer counts as not running. */
const answerWithinMilliseconds = 2_000

/**
 * Returns a clock with the business time of the API on this machine. Outside production the local payment provider can move it. The
 * function reads the offset once from the provider or, if the provider does not run, from its file.
 */
export async function businessClock(settings: BusinessClockSettings): Promise<Clock> {
  const offset = await businessOffset(settings)
  return createClock(() => offset)
}

export async function businessNow(settings: BusinessClockSettings): Promise<Date> {
  return (await businessClock(settings)).business()
}

async function businessOffset({
  dataDir,
  production,
  usesLocalPayments,
  server,
}: BusinessClockSettings): Promise<number> {
  const base = server.payments?.apiBase ?? null
  if (production || base === null) return 0
  // Another provider than the local one has its file elsewhere.
  return (await askedOffset(base)) ?? (usesLocalPayments ? await keptOffset(dataDir) : null) ?? 0
}

async function askedOffset(base: URL): Promise<number | null> {
  try {
    const signal = AbortSignal.timeout(answerWithinMilliseconds)
    const response = await fetch(new URL('/_local/clock', base), { signal, redirect: 'error' })
    return response.ok ? offsetIn(await response.json()) : null
  } catch {
    return null
  }
}

async function keptOffset(dataDir: string): Promise<number | null> {
  try {
    return offsetIn(JSON.parse(await readFile(path.join(dataDir, 'payments', 'state.json'), 'utf8')))
  } catch {
    return null
  }
}

/** Returns a valid offset, or null. */
function offsetIn(json: unknown): number | null {
  const { offsetMilliseconds: offset } = (json ?? {}) as { offsetMilliseconds?: unknown }
  return typeof offset === 'number' && !Number.isNaN(new Date(Date.now() + offset).getTime()) ? offset : null
}
