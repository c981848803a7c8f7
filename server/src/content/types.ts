/** What a list, a teaser or a link shows: never any of the body. */
export interface ArticleHead {
  readonly id: string
  readonly slug: string
  readonly title: string
  readonly excerpt: string
  readonly previewHtml: string
  readonly readingMinutes: number
  readonly publishedAt: Date
  /** BCP 47; null: nobody said. */
  readonly lang: string | null
  readonly authorId: string
  readonly seriesId: string | null
  /** Of the file that it was published from: which version this is. */
  readonly sourceHash: string
}

/** Sanitised HTML. Returned only by `readGrantedBodies` (paid-text/queries.ts). */
export interface ArticleText {
  /** The version that it is of. */
  readonly sourceHash: string
  readonly html: string
  readonly rest: string
}

export interface ArticlePage {
  readonly edges: readonly { readonly cursor: string; readonly node: ArticleHead }[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
}

/** An author, a tag or a series. */
export interface NamedRow {
  readonly id: string
  readonly slug: string
  readonly name: string
}
