import { memo } from 'react'
import type { TextAttributes } from '../../../articles/text-attributes.ts'
import * as css from './Prose.module.css'

interface ProseProps extends TextAttributes {
  readonly html: string
  readonly id?: string
}

/**
 * HTML of an article. The server sanitised it when it was published, and the page's policy runs no script in it. Memoised, so that other
 * changes of the page do not touch the text.
 */
export const Prose = memo(function Prose({ html, id, lang, dir }: ProseProps) {
  return <div id={id} lang={lang} dir={dir} className={css.prose} dangerouslySetInnerHTML={{ __html: html }} />
})
