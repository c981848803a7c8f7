import { createCatalogueLoader } from '../../catalogue/index.ts'
import type { Queryable } from '../../db/index.ts'
import { createDecide, createMembershipLoaders } from '../../membership/index.ts'
import { readGrantedBodies } from './queries.ts'

/** Returns the rest of stored articles by their ids, for the publisher’s commands. Reads it through the door, with grants. */
export async function textsForPublisher(
  db: Queryable,
  articleIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, string>> {
  const request = Object.freeze({ publishing: true })
  const decide = createDecide({
    request,
    now,
    reader: () => Promise.resolve({ kind: 'publisher' }),
    loaders: createMembershipLoaders(db, now),
    catalogue: createCatalogueLoader(db, now),
    onFailure: (error) => {
      throw error
    },
  })
  const decisions = await Promise.all(articleIds.map((id) => decide(id)))
  const texts = await readGrantedBodies(
    db,
    decisions.flatMap(({ grant }) => (grant ? [grant] : [])),
    request,
    now,
    { unpublishedToo: true },
  )
  return new Map(texts.map(({ articleId, rest }) => [articleId, rest]))
}
