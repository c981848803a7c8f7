import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { parseHeaders, type HeaderBlock } from './headers-file.ts'
import { parseRedirects, type RedirectRule } from './redirects-file.ts'

/** The current rules of `_headers` and `_redirects`. */
export interface SiteRules {
  readonly headers: () => readonly HeaderBlock[]
  readonly redirects: () => readonly RedirectRule[]
  /** Reads changed files again. @throws Error that names a line; the previous rules remain in effect */
  readonly refresh: () => Promise<void>
}

/** Reads the rules of a folder. @throws Error that names an invalid line */
export async function openRules(folder: string): Promise<SiteRules> {
  const headers = followFile(path.join(folder, '_headers'), parseHeaders)
  const redirects = followFile(path.join(folder, '_redirects'), parseRedirects)
  let refreshing: Promise<void> | null = null
  const refresh = async () => {
    refreshing ??= Promise.all([headers.refresh(), redirects.refresh()])
      .then(() => undefined)
      .finally(() => (refreshing = null))
    await refreshing
  }
  await refresh()
  return { headers: () => headers.value, redirects: () => redirects.value, refresh }
}

/** Follows a file. A file that is deleted or incomplete during a rebuild keeps its last rules, so no page is served without headers. */
function followFile<T>(file: string, parse: (content: string) => T[]) {
  let seen = ''
  const followed = {
    value: [] as readonly T[],
    async refresh(): Promise<void> {
      const stats = await stat(file).catch(() => null)
      if (stats === null) return
      const mark = `${stats.mtimeMs} ${stats.size} ${stats.ino}`
      if (mark === seen) return
      const content = await readFile(file, 'utf8')
      // Set before parsing, so that a damaged file is reported once and not at each request.
      seen = mark
      followed.value = parse(content)
    },
  }
  return followed
}
