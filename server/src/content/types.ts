/** The public fields of an article, for lists, teasers and links. Contains nothing of the rest. */
export interface ArticleHead {
  readonly id: string
  readonly slug: string
  readonly title: string
  readonly excerpt: string
  readonly previewHtml: string
  readonly readingMinutes: number
  readonly publishedAt: Date
  /** BCP 47, or null if unknown. */
  readonly lang: string | null
  readonly authorId: string
  readonly seriesId: string | null
  /** The hash of the published file. Identifies the version. */
  readonly sourceHash: string
}

/** Sanitised HTML. Returned only by `readGrantedBodies` (paid-text/queries.ts). */
export interface ArticleText {
  /** The hash of the published file. Identifies the version. */
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
