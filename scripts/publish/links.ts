import path from 'node:path'
import type { LinkTo } from '../../server/src/content/publishing/index.ts'

/** What a file is as an article, by its absolute path. */
export type ArticlesByFile = ReadonlyMap<string, { readonly slug: string; readonly title: string }>

const endings = ['', '.md', '.mdx', '.markdown', '/index.md', '/index.mdx', '/index.markdown']

/**
 * Finds the articles that the files of a batch name: by a path relative to the file, with or without its ending, or, as notes
 * of Obsidian do, by the name of the file, the slug or the title, when no other file of the batch has that name.
 *
 * @returns for each file the function that its links are resolved by
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

/** `index.md` is named after its folder. */
function nameOfFile(file: string): string {
  const name = path.basename(file, path.extname(file))
  return name.toLowerCase() === 'index' ? path.basename(path.dirname(file)) : name
}

const nameForm = (name: string): string => name.normalize('NFC').toLowerCase().trim()
