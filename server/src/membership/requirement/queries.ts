import type { Queryable } from '../../db/index.ts'
import type { Requirement } from '../types.ts'

export interface StoredRequirement extends Requirement {
  readonly articleId: string
  readonly validFrom: Date
}

/** Returns the requirements of articles that are in force at an instant. An article may have none. One statement. */
export async function requirementsByArticleIds(
  db: Queryable,
  articleIds: readonly string[],
  now: Date,
): Promise<StoredRequirement[]> {
  return db.$queryRaw`
    SELECT latest.id, latest.article_id AS "articleId", latest.visibility, latest.valid_from AS "validFrom",
      array_remove(array_agg(named.plan_id::text ORDER BY named.plan_id), NULL) AS "planIds"
    FROM (
      SELECT DISTINCT ON (article_id) id, article_id, visibility::text AS visibility, valid_from
      FROM article_requirement
      WHERE article_id = ANY(${[...articleIds]}::uuid[]) AND valid_from <= ${now}
      ORDER BY article_id, valid_from DESC
    ) latest
    LEFT JOIN article_requirement_plan named ON named.requirement_id = latest.id
    GROUP BY latest.id, latest.article_id, latest.visibility, latest.valid_from`
}

/** No requirement begins later. */
const endOfTime = new Date('9999-12-31T23:59:59.999Z')

/** Returns the last requirement of each article, which may begin later than now. */
export const lastRequirements = (db: Queryable, articleIds: readonly string[]): Promise<StoredRequirement[]> =>
  requirementsByArticleIds(db, articleIds, endOfTime)
