import type { CatalogueContext } from '../catalogue/index.ts'
import { anonymous, type Reader } from '../members/index.ts'
import { decideAccess, unavailable } from './entitlement.ts'
import { mintGrant, type BodyGrant } from './grant.ts'
import type { MembershipLoaders } from './loaders.ts'
import { resolveRequirement } from './requirement/resolve.ts'
import type { Access } from './types.ts'

export interface Decision {
  /** Returned by `Article.access` and evaluated by the rule of `Article.body`. */
  readonly access: Access
  /** Required to read this article's body in this request. Null if the article is locked. */
  readonly grant: BodyGrant | null
}

export type Decide = (articleId: string) => Promise<Decision>

interface DecideOptions {
  /** Identifies the request. A grant is valid only with the same object. */
  readonly request: object
  readonly now: Date
  readonly reader: () => Promise<Reader>
  readonly loaders: MembershipLoaders
  readonly catalogue: CatalogueContext['catalogue']
  /** Called when a decision fails. The reader gets UNAVAILABLE, and the error is for the log. */
  readonly onFailure: (error: unknown) => void
}

/** Creates the function that makes all access decisions of a request. Decisions are cached. Never rejects. */
export function createDecide(options: DecideOptions): Decide {
  const remembered = new Map<string, Promise<Decision>>()
  return (articleId) => {
    let decision = remembered.get(articleId)
    if (!decision) {
      decision = decide(articleId, options).catch((error: unknown) => {
        options.onFailure(error)
        return { access: unavailable, grant: null }
      })
      remembered.set(articleId, decision)
    }
    return decision
  }
}

async function decide(
  articleId: string,
  { request, now, reader, loaders, catalogue }: DecideOptions,
): Promise<Decision> {
  const [requirement, plans] = await Promise.all([loaders.requirement.load(articleId), catalogue()])
  if (requirement === null) return { access: unavailable, grant: null }
  const resolved = resolveRequirement(requirement, plans)
  // A public article does not depend on the reader, so it stays open while the reader cannot be looked up.
  const who = requirement.visibility === 'PUBLIC' ? anonymous : await reader()
  const holdings =
    who.kind === 'member' && needsPlan(requirement.visibility) ? await loaders.memberships.load(who.memberId) : []
  const access = Object.freeze(decideAccess(resolved, who, holdings, now))
  return { access, grant: access.granted ? mintGrant(articleId, requirement.id, request) : null }
}

const needsPlan = (visibility: string): boolean => visibility === 'PAID' || visibility === 'PLANS'

/**
 * Returns the grant of an article for the publisher's commands, whose user has the database's address. It opens the article whatever it
 * requires, and while it is not published. The lint allows the call in `content/paid-text/publisher-texts.ts` only.
 *
 * @param request identifies the run of the command
 * @returns null if the article has no requirement yet
 */
export async function grantForPublisher(
  articleId: string,
  { request, loaders }: Pick<DecideOptions, 'request' | 'loaders'>,
): Promise<BodyGrant | null> {
  const requirement = await loaders.requirement.load(articleId)
  return requirement && mintGrant(articleId, requirement.id, request, true)
}
