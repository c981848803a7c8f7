import type { Queryable } from '../../db/index.ts'
import { createMembershipLoaders, grantForPublisher } from '../../membership/index.ts'
import { readGrantedBodies } from './queries.ts'

/** Returns the rest of stored articles by their ids, published or not, for the publisher's commands. Reads it through the door. */
export async function textsForPublisher(
  db: Queryable,
  articleIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, string>> {
  const request = Object.freeze({ publishing: true })
  const loaders = createMembershipLoaders(db, now)
  const grants = await Promise.all(articleIds.map((id) => grantForPublisher(id, { request, loaders })))
  const texts = await readGrantedBodies(
    db,
    grants.filter((grant) => grant !== null),
    request,
    now,
  )
  return new Map(texts.map(({ articleId, rest }) => [articleId, rest]))
}
