import type { TextDirection } from '../graphql/operations.ts'

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
