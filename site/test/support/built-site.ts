import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'

/** A built site as files, to be looked at. */
export interface BuiltSite {
  /** By path below `public/`, sorted. */
  readonly files: readonly string[]
  /** Those that are opened as pages; Gatsby has parts of pages beside them. */
  readonly pages: readonly string[]
  readonly read: (file: string) => Promise<string>
  /** The files in which a text occurs. */
  readonly filesWith: (text: string) => Promise<string[]>
  /** Sizes and times of all files: whatever is written anew differs. */
  readonly marks: () => Promise<Record<string, string>>
}

export async function lookAt(folder: string): Promise<BuiltSite> {
  const root = path.join(folder, 'public')
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort()
  return {
    files,
    pages: files.filter((file) => file.endsWith('.html') && !file.startsWith('_gatsby/')),
    read: (file) => readFile(path.join(root, file), 'utf8'),
    async filesWith(text) {
      const bytes = Buffer.from(text)
      const found = []
      for (const file of files) if ((await readFile(path.join(root, file))).includes(bytes)) found.push(file)
      return found
    },
    async marks() {
      const marks = await Promise.all(
        files.map(async (file) => {
          const { size, mtimeMs } = await stat(path.join(root, file))
          return [file, `${size} ${mtimeMs}`] as const
        }),
      )
      return Object.fromEntries(marks)
    },
  }
}

/** What a page would run without asking for a file: the texts of its inline scripts. */
export const inlineScripts = (html: string): string[] =>
  [...html.matchAll(/<script\b([^>]*)>(.*?)<\/script>/gis)].flatMap(([, attributes = '', text = '']) =>
    /(^|\s)src\s*=/i.test(attributes) ? [] : [text],
  )

export const digestOf = (script: string): string => `'sha256-${createHash('sha256').update(script).digest('base64')}'`

/** What is refused by a policy that lets styles come from files only. */
export const inlineStyles = (html: string): string[] => html.match(/<[^>]+\sstyle\s*=|<style\b/gi) ?? []

/** The addresses that the site's map lists. */
export async function listedAddresses(site: BuiltSite): Promise<string[]> {
  const maps = site.files.filter((file) => /^sitemap-\d+\.xml$/.test(file))
  const texts = await Promise.all(maps.map((file) => site.read(file)))
  return texts.flatMap((text) => [...text.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, address = '']) => address)).sort()
}
