import { createCatalogueLoader } from '../../catalogue/index.ts'
import type { Queryable } from '../../db/index.ts'
import type { MemberReader } from '../../members/index.ts'
import { createDecide, createMembershipLoaders, staffPermission } from '../../membership/index.ts'
import { readGrantedBodies } from '../queries.ts'

/** Whoever runs `npm run publish` has the database's address: a member of staff, without an account. */
const publisher: MemberReader = {
  kind: 'member',
  // No member has it; empty, it would be no id and PostgreSQL would refuse the look-up of what the member holds.
  memberId: '00000000-0000-0000-0000-000000000000',
  subject: 'publisher',
  permissions: new Set([staffPermission]),
  disabled: false,
  profile: { name: null, email: null, picture: null },
}

/** What stands below the preview of stored articles, by their ids: through the one door, with the grants of a decision. */
export async function textsForPublisher(
  db: Queryable,
  articleIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, string>> {
  const request = Object.freeze({ publishing: true })
  const decide = createDecide({
    request,
    now,
    reader: () => Promise.resolve(publisher),
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
