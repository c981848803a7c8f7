import { useSyncExternalStore } from 'react'
import { readPreferences, defaultPreferences, writePreferences, type Preferences } from './preferences.ts'

let preferences: Preferences | null = null
const listeners = new Set<() => void>()

const current = (): Preferences => (preferences ??= readPreferences())

function change(wanted: Partial<Preferences>): void {
  preferences = { ...current(), ...wanted }
  writePreferences(preferences)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Returns the reader's preferences and a function that changes them. */
export function usePreferences(): [Preferences, (wanted: Partial<Preferences>) => void] {
  return [useSyncExternalStore(subscribe, current, () => defaultPreferences), change]
}
