import type { ArticleHeadFragment, PlanNameFragment } from '../../api/operations.ts'
import { textAttributes } from '../../articles/text-attributes.ts'
import { FailedPart } from '../../fallbacks/FailedPart.tsx'
import { Prose } from './text/Prose.tsx'
import * as css from './ArticleScreen.module.css'

/** An article as the build received it. */
export interface BuiltArticle extends ArticleHeadFragment {
  readonly preview: string
  readonly requiredPlans: readonly PlanNameFragment[]
  readonly rest: string | null
}

/** Shows the built text in place of an article that threw. */
export function ArticleAsBuilt({ built }: { readonly built: BuiltArticle | null }) {
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
      <FailedPart />
    </article>
  )
}
