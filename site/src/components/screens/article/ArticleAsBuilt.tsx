import { textAttributes } from '../../../lib/text-attributes.ts'
import { Prose } from '../../basics/Prose.tsx'
import { Failed } from '../Failed.tsx'
import type { ArticleScreenProps } from './ArticleScreen.tsx'
import * as css from './ArticleScreen.module.css'

/** In the place of an article that threw: the text that the page was built with. */
export function ArticleAsBuilt({ built }: ArticleScreenProps) {
  return (
    <article className={css.column}>
      {built ? (
        <>
          <h1 {...textAttributes(built)}>{built.title}</h1>
          <p>{built.author.name}</p>
          <Prose html={built.preview} {...textAttributes(built)} />
          {built.rest === null ? null : <Prose html={built.rest} {...textAttributes(built)} />}
        </>
      ) : null}
      <Failed />
    </article>
  )
}
