import { useSyncExternalStore } from 'react'
import { readLook, standardLook, writeLook, type Look } from './look.ts'

let look: Look | null = null
const listeners = new Set<() => void>()

const present = (): Look => (look ??= readLook())

function change(wanted: Partial<Look>): void {
  look = { ...present(), ...wanted }
  writeLook(look)
  for (const tell of listeners) tell()
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell)
  return () => listeners.delete(tell)
}

/** How the reader likes it, and the way to change it. */
export function useLook(): [Look, (wanted: Partial<Look>) => void] {
  return [useSyncExternalStore(subscribe, present, () => standardLook), change]
}
