import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { parseHeaders, type HeaderBlock } from './headers-file.ts'
import { parseRedirects, type RedirectRule } from './redirects-file.ts'

/** What `_headers` and `_redirects` say now. */
export interface SiteRules {
  readonly headers: () => readonly HeaderBlock[]
  readonly redirects: () => readonly RedirectRule[]
  /** Reads again what has changed. @throws Error that names a line; what was there before holds on */
  readonly refresh: () => Promise<void>
}

/** @throws Error that names a line which cannot be read */
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

/** A file that a rebuild took away, or is half written, keeps what it said: a page is never served without its headers. */
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
      // Before it is parsed: a damaged file is told of once, not at each request.
      seen = mark
      followed.value = parse(content)
    },
  }
  return followed
}
