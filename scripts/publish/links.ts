import path from 'node:path'

/** What a file is as an article, by its absolute path. */
export type ArticlesByFile = ReadonlyMap<string, { readonly slug: string; readonly title: string }>

const endings = ['', '.md', '.mdx', '.markdown', '/index.md', '/index.mdx']

/**
 * Finds the articles that the files of a batch name: by a path relative to the file, with or without its ending, or, as notes
 * of Obsidian do, by the name of the file or the title.
 *
 * @returns for each file the function that its links are resolved by
 */
export function linksAmong(articles: ArticlesByFile): (from: string) => (target: string) => string | null {
  const byName = new Map<string, string>()
  for (const [file, { slug, title }] of articles) {
    for (const name of [path.basename(file, path.extname(file)), title]) {
      if (!byName.has(nameForm(name))) byName.set(nameForm(name), slug)
    }
  }
  return (from) => (target) => {
    const place = path.resolve(path.dirname(from), target)
    for (const ending of endings) {
      const found = articles.get(place + ending)
      if (found) return found.slug
    }
    return byName.get(nameForm(target.replace(/\.md$/i, ''))) ?? null
  }
}

const nameForm = (name: string): string => name.normalize('NFC').toLowerCase().trim()
