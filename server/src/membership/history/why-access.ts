import type { Queryable } from '../../db/index.ts'
import { disabledAt, memberExists } from '../../members/index.ts'
import { buildCatalogue, storedPlans } from '../../catalogue/index.ts'
import { requirementsByArticleIds } from '../requirement/queries.ts'
import type { ArticleDates, Explanation } from '../types.ts'
import { explainAccess } from './explain.ts'
import { membershipsAt } from './queries.ts'

export interface Question {
  readonly memberId: string
  /** Null: the article never existed. */
  readonly article: ArticleDates | null
  /** An instant in the past. */
  readonly at: Date
}

/**
 * Explains why a member could or could not read an article at an instant in the past. It repeats the access decision with recorded
 * data.
 *
 * @returns null if the member or the article never existed
 */
export async function whyAccess(db: Queryable, { memberId, article, at }: Question): Promise<Explanation | null> {
  if (!article || !(await memberExists(db, memberId))) return null
  const [requirements, plans, disabled, held] = await Promise.all([
    requirementsByArticleIds(db, [article.id], at),
    storedPlans(db, at, at),
    disabledAt(db, memberId, at),
    membershipsAt(db, memberId, at),
  ])
  return explainAccess({
    at,
    memberId,
    articleWas: article.createdAt > at ? 'not there' : published(article.publishedAt, at) ? 'published' : 'unpublished',
    requirement: requirements[0] ?? null,
    catalogue: buildCatalogue(plans),
    disabled,
    held,
  })
}

const published = (publishedAt: Date | null, at: Date): boolean => publishedAt !== null && publishedAt <= at
