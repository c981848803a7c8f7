import type { Queryable } from '../../db/index.ts'
import { clockToleranceMilliseconds } from '../../lib/clock.ts'
import { BodyGrant } from '../../membership/index.ts'
import type { ArticleText } from '../types.ts'

/**
 * Returns the bodies of articles. This function is the only door to paid text. It accepts only grants that a decision created for
 * this request, and refuses any other value before SQL runs, even if a rule or a resolver is missing. It omits a body whose
 * requirement was replaced since the decision, because the article may contain paid text now. It returns unpublished articles to
 * the publisher only.
 *
 * @param now the request's instant. A requirement that begins within the clock tolerance counts already.
 * @throws TypeError for a value that is not a grant of this request
 */
export async function readGrantedBodies(
  db: Queryable,
  grants: readonly BodyGrant[],
  request: object,
  now: Date,
): Promise<(ArticleText & { articleId: string })[]> {
  const articleIds = grants.map((grant) => BodyGrant.articleOpenedBy(grant, request))
  const requirementIds = grants.map((grant) => BodyGrant.requirementJudged(grant))
  const opensUnpublished = grants.map((grant) => BodyGrant.opensUnpublished(grant))
  const soon = new Date(now.getTime() + clockToleranceMilliseconds)
  return db.$queryRaw`
    SELECT body.article_id AS "articleId", body.html, body.rest, article.source_hash AS "sourceHash"
    FROM article_body body
    JOIN unnest(${articleIds}::uuid[], ${requirementIds}::uuid[], ${opensUnpublished}::boolean[])
      AS granted (article_id, requirement_id, opens_unpublished) ON granted.article_id = body.article_id
    JOIN article ON article.id = body.article_id AND (article.published_at <= ${now} OR granted.opens_unpublished)
    WHERE granted.requirement_id = (
      SELECT latest.id FROM article_requirement latest
      WHERE latest.article_id = granted.article_id AND latest.valid_from <= ${soon}
      ORDER BY latest.valid_from DESC LIMIT 1
    )`
}
