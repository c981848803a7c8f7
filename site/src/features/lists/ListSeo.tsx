import type { ArticleHeadFragment } from '../../api/operations.ts'
import { Seo } from '../../ui/Seo.tsx'
import { listDescription } from './list-words.ts'

interface ListSeoProps {
  readonly name: string
  readonly articles: readonly ArticleHeadFragment[]
  readonly path: string
  /** From 1. */
  readonly page?: number
}

/** The metadata of the page of a tag, an author or a series. */
export function ListSeo({ name, articles, path, page = 1 }: ListSeoProps) {
  return (
    <Seo title={page > 1 ? `${name}, page ${page}` : name} description={listDescription(name, articles)} path={path} />
  )
}
