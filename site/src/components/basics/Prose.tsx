import { memo } from 'react'
import * as css from './Prose.module.css'

/**
 * HTML of an article. The server sanitised it when it was published, and the page's policy runs no script in it. Memoised:
 * what is being read is not touched when something else on the page changes.
 */
export const Prose = memo(function Prose({ html, id }: { html: string; id?: string }) {
  return <div id={id} className={css.prose} dangerouslySetInnerHTML={{ __html: html }} />
})
