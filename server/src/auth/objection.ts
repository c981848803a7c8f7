import type { TokenReason } from './types.ts'

/** One thing that is wrong with a token. */
export interface Objection {
  readonly reason: TokenReason
  /** What this server wanted; of its own settings only, so that a log may hold it. */
  readonly expected: string
  /** What the token has. A stranger's words: for the developer who holds the token, never for a log. */
  readonly found: string
  /** What to change. */
  readonly mend: string
}

const longestShown = 160

/** A stranger's value on one line: short, and with nothing in it that moves a terminal's cursor. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  // JSON has no infinity, and `exp: 1e400` is one.
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value)
  const line = text.replace(/\p{C}/gu, '?')
  return line.length > longestShown ? `${line.slice(0, longestShown)}…` : line
}

/** Seconds since 1970 as people read them. */
export const shownTime = (seconds: number): string => {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString()
}
