import { useSyncExternalStore } from 'react'
import { unbuiltFolders } from '../addresses/addresses.ts'

// The reader's preferences: theme and text size. The site stores nothing else in the browser.

export type Theme = 'system' | 'light' | 'dark'
export interface Preferences {
  readonly theme: Theme
  /** Steps from the default text size. */
  readonly size: number
}

export const preferencesKey = 'gatepost-look'
export const sizes = [-1, 0, 1, 2, 3] as const

export const defaultPreferences: Preferences = { theme: 'system', size: 0 }

export function readPreferences(): Preferences {
  try {
    const [theme, size] = (localStorage.getItem(preferencesKey) ?? '').split(' ')
    return {
      theme: theme === 'light' || theme === 'dark' ? theme : 'system',
      size: sizes.find((one) => String(one) === size) ?? 0,
    }
  } catch {
    // Storage is disabled.
    return defaultPreferences
  }
}

export function writePreferences(preferences: Preferences): void {
  try {
    if (preferences.theme === 'system' && preferences.size === 0) localStorage.removeItem(preferencesKey)
    else localStorage.setItem(preferencesKey, `${preferences.theme} ${preferences.size}`)
  } catch {
    // Storage is disabled: the preferences last as long as the page.
  }
  applyPreferences(preferences)
}

function applyPreferences({ theme, size }: Preferences): void {
  const { dataset } = document.documentElement
  dataset.theme = theme
  dataset.size = String(size)
}

let shared: Preferences | null = null
const listeners = new Set<() => void>()

const current = (): Preferences => (shared ??= readPreferences())

function change(wanted: Partial<Preferences>): void {
  shared = { ...current(), ...wanted }
  writePreferences(shared)
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

/**
 * Returns a script that runs before the first paint. It applies the preferences, so that no page flashes in the wrong theme. It marks a
 * page whose reader is probably signed in (by the SDK's own cookie), so that a member sees no paywall while the session is restored.
 * It marks an address below the folders of articles and lists, whose page may not have been built.
 */
export const beforePaint = (sessionMark: string): string =>
  [
    'var d=document.documentElement.dataset',
    `try{var l=(localStorage.getItem(${JSON.stringify(preferencesKey)})||"").split(" ");if(l[0])d.theme=l[0];if(l[1])d.size=l[1]}catch(e){}`,
    `if(document.cookie.indexOf(${JSON.stringify(sessionMark)})>=0)d.session="maybe"`,
    `if(/^\\/(${unbuiltFolders.join('|')})\\/[^/]+/.test(location.pathname))d.unbuilt=""`,
  ].join(';')
