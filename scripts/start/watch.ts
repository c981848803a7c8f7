import { watch } from 'node:fs'
import path from 'node:path'

/** Debounce time, because an editor writes a file in several steps and `git switch` changes many files. */
const calmMilliseconds = 200

/** Calls back after changes of the server's source, debounced. A change during the callback causes another call. */
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
