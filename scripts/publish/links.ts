import path from 'node:path'
import type { LinkTo } from '../../server/src/content/publishing/index.ts'

/** Articles by the absolute path of their file. */
type ArticlesByFile = ReadonlyMap<string, { readonly slug: string; readonly title: string }>

const endings = ['', '.md', '.mdx', '.markdown', '/index.md', '/index.mdx', '/index.markdown']

/**
 * Resolves links between the files of a batch: by a relative path, with or without file extension, or as in Obsidian by file name,
 * slug or title, if it is unique in the batch.
 *
 * @returns a function that returns the link resolver of a file
 */
export function linksAmong(articles: ArticlesByFile): (from: string) => LinkTo {
  const byName = new Map<string, Set<string>>()
  for (const [file, { slug, title }] of articles) {
    for (const name of [nameOfFile(file), slug, title].map(nameForm)) {
      byName.set(name, (byName.get(name) ?? new Set()).add(slug))
    }
  }
  return (from) => (target) => {
    const place = path.resolve(path.dirname(from), target)
    for (const ending of endings) {
      const found = articles.get(place + ending)
      if (found) return found
    }
    const [slug, ...others] = byName.get(nameForm(target.replace(/\.md$/i, ''))) ?? []
    if (slug === undefined) return null
    return others.length > 0 ? 'several' : { slug }
  }
}

/** Returns the name of a file. The name of `index.md` is that of its folder. */
function nameOfFile(file: string): string {
  const name = path.basename(file, path.extname(file))
  return name.toLowerCase() === 'index' ? path.basename(path.dirname(file)) : name
}

const nameForm = (name: string): string => name.normalize('NFC').toLowerCase().trim()
