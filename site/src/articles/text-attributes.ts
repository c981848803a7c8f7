import type { ArticleHeadFragment, TextDirection } from '../api/operations.ts'

/** An article by its name alone, with the language and direction that the name is written in. */
export type Neighbour = Pick<ArticleHeadFragment, 'slug' | 'title' | 'lang' | 'direction'>

export interface TextAttributes {
  readonly lang?: string
  readonly dir: 'ltr' | 'rtl' | 'auto'
}

/** What an element says of the text of an article in it. Where the language is unknown, the browser finds the direction. */
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
