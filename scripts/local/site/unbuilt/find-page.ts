import { pageOfArticle, pagesOfList, type PageSpec } from '../../../../site/gatsby/pages.ts'
import type { ApiOptions } from '../../../../site/gatsby/ask-api.ts'
import { readArticle, readList } from '../../../../site/gatsby/publication.ts'
import { addressOfList, addressOfPage, pathOfPage } from '../../../../site/src/addresses/addresses.ts'
import { parseUnbuiltPath, type UnbuiltPath } from '../../../../site/src/addresses/unbuilt-path.ts'

/** The address of a page that may be published although it was not built. */
export interface UnbuiltAddress extends UnbuiltPath {
  /** From 1. Articles have one page. */
  readonly page: number
}

/** The answer of the API: the page, `missing`, or `members-only` for a page that anonymous readers cannot see. */
export type FoundPage = PageSpec | 'missing' | 'members-only'

/** The maximum number of pages of a list: 500 articles, 20 on a page. */
const maxPages = 25

/**
 * Reads an address below the folders of articles, tags, authors and series.
 *
 * @param path percent-encoded
 * @returns null if no page can be published there
 */
export function unbuiltAddressOf(path: string): UnbuiltAddress | null {
  const [, list = path, number = '1'] = /^(.+\/)page\/([1-9]\d?)\/$/.exec(path) ?? []
  const address = parseUnbuiltPath(list)
  const page = Number(number)
  if (!address || page > maxPages || (list !== path && (page === 1 || address.kind === 'article'))) return null
  return { ...address, page }
}

/**
 * Asks the API for the page of an address, as an anonymous reader.
 *
 * @throws BuildProblem if the API does not answer
 */
export async function findPage({ kind, slug, page }: UnbuiltAddress, api: ApiOptions): Promise<FoundPage> {
  if (kind === 'article') {
    const article = await readArticle(slug, api)
    if (typeof article === 'string') return article
    const series = article.series ? await readList('series', article.series.slug, api) : []
    return pageOfArticle(article, series === 'members-only' ? [] : series)
  }
  const articles = await readList(kind, slug, api)
  if (articles === 'members-only') return articles
  const path = pathOfPage(addressOfPage(addressOfList(kind, slug), page))
  return pagesOfList(kind, slug, articles).find((one) => one.path === path) ?? 'missing'
}
