import type { TokenReason } from '../types.ts'

/** A defect of a token. */
export interface Objection {
  readonly reason: TokenReason
  /** The server's requirement. It contains only settings of the server, so it may be logged. */
  readonly expected: string
  /** The token's value instead. It quotes the token, so it is shown to the developer who holds the token and never logged. */
  readonly found: string
  /** How to correct it. */
  readonly remedy: string
}

const longestShown = 160

/** Formats a value of a token on one line, shortened and without control characters that a terminal would interpret. */
export function quote(value: unknown): string {
  if (value === undefined) return 'nothing'
  // `exp: 1e400` is Infinity, which JSON.stringify turns into null.
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value)
  const line = text.replace(/\p{C}/gu, '?')
  return line.length > longestShown ? `${line.slice(0, longestShown)}…` : line
}

/** Formats seconds since 1970 as an ISO 8601 date, or as the number if they are out of range. */
export const formatSeconds = (seconds: number): string => {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString()
}
