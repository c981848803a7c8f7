import type { CatalogueContext } from '../catalogue/index.ts'
import { anonymous, type Reader } from '../members/index.ts'
import { decideAccess, unavailable } from './entitlement.ts'
import { mintGrant, type BodyGrant } from './grant.ts'
import type { MembershipLoaders } from './loaders.ts'
import { resolveRequirement } from './requirement/resolve.ts'
import type { Access, Publisher } from './types.ts'

export interface Decision {
  /** What `Article.access` shows and the rule of `Article.body` goes by: the same object. */
  readonly access: Access
  /** Opens the door to this article's body, for this request only; null when locked. */
  readonly grant: BodyGrant | null
}

export type Decide = (articleId: string) => Promise<Decision>

export interface DecideOptions {
  /** What grants are tied to: one object for each request. */
  readonly request: object
  readonly now: Date
  readonly reader: () => Promise<Reader | Publisher>
  readonly loaders: MembershipLoaders
  readonly catalogue: CatalogueContext['catalogue']
  /** Told when it could not be decided: the reader sees UNAVAILABLE, the log sees why. */
  readonly onFailure: (error: unknown) => void
}

/** Makes the one function of a request that says what may be read. It remembers its answers and never rejects. */
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
  // What anyone may read needs no look at who asks, and stays open while we cannot tell.
  const who = requirement.visibility === 'PUBLIC' ? anonymous : await reader()
  const holdings =
    who.kind === 'member' && needsPlan(requirement.visibility) ? await loaders.memberships.load(who.memberId) : []
  const access = Object.freeze(decideAccess(resolved, who, holdings, now))
  return { access, grant: access.granted ? mintGrant(articleId, requirement.id, request) : null }
}

const needsPlan = (visibility: string): boolean => visibility === 'PAID' || visibility === 'PLANS'
