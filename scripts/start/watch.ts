import { watch } from 'node:fs'
import path from 'node:path'

/** An editor writes a file in several steps, and a `git switch` many files. */
const calmMilliseconds = 200

/** Calls after the server's source has changed and it is calm again; a change meanwhile calls once more. */
export function watchSource(folder: string, onChange: (file: string) => Promise<void>): void {
  let timer: NodeJS.Timeout | undefined
  let busy = Promise.resolve()
  watch(folder, { recursive: true }, (_, file) => {
    if (file === null || !counts(file)) return
    clearTimeout(timer)
    timer = setTimeout(() => void (busy = busy.then(() => onChange(file))), calmMilliseconds)
  })
}

const counts = (file: string): boolean =>
  /\.(ts|graphql)$/.test(file) && !file.endsWith('.test.ts') && !file.includes(path.join('db', 'generated'))
