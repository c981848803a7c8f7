/** Returns `1 article` or `2 articles`. */
export const articleCount = (count: number): string => (count === 1 ? '1 article' : `${count} articles`)

const few = 3

/** Returns the description of a list: its name and its first titles. @param articles not empty */
export function listDescription(name: string, articles: readonly { readonly title: string }[]): string {
  const titles = articles.slice(0, few).map(({ title }) => title)
  return `${name}: ${titles.join(', ')}${articles.length > few ? ' and more' : ''}.`
}
