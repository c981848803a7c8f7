import type { ArticleHeadFragment, TextDirection } from '../api/operations.ts'

/** The title of an article, with its language and direction. */
export type Neighbour = Pick<ArticleHeadFragment, 'slug' | 'title' | 'lang' | 'direction'>

export interface TextAttributes {
  readonly lang?: string
  readonly dir: 'ltr' | 'rtl' | 'auto'
}

/** Returns the attributes of an element with an article's text. If the language is unknown, the browser finds the direction. */
export const textAttributes = ({
  lang,
  direction,
}: {
  readonly lang: string | null
  readonly direction: TextDirection
}): TextAttributes => ({
  ...(lang !== null && { lang }),
  dir: ({ LTR: 'ltr', RTL: 'rtl', AUTO: 'auto' } as const)[direction],
})
