import type { Problem } from '../../server/src/content/publishing/index.ts'

/** Keeps the first of equal warnings about several files, with the number of the other files. */
export function oncePerRun(warnings: readonly Problem[]): Problem[] {
  const files = new Map<string, Set<string>>()
  for (const { oncePerRun, message, path } of warnings) {
    if (oncePerRun) files.set(message, (files.get(message) ?? new Set()).add(path))
  }
  const seen = new Set<string>()
  return warnings.flatMap((warning) => {
    if (!warning.oncePerRun) return [warning]
    if (seen.has(warning.message)) return []
    seen.add(warning.message)
    const others = (files.get(warning.message)?.size ?? 1) - 1
    const also = others === 0 ? '' : ` (and in ${others} more ${others === 1 ? 'file' : 'files'})`
    return [{ ...warning, message: warning.message + also }]
  })
}
