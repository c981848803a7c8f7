import type { Context } from '../graphql/context-types.ts'
import type { Resolvers } from '../graphql/resolver-types.ts'
import { onSale, type Catalogue } from './catalogue.ts'
import { stateOf } from './entitlement.ts'
import type { MembershipRow, PlanRow } from './types.ts'

export const membershipResolvers: Resolvers = {
  Query: {
    plans: async (_parent, _args, ctx) => onSale((await ctx.membership.catalogue()).values()),
  },
  Plan: {
    includes: async (plan, _args, ctx) => {
      const catalogue = await ctx.membership.catalogue()
      return [...plan.includedPlanIds]
        .map((id) => known(catalogue, id))
        .sort((a, b) => a.slug.localeCompare(b.slug, 'en'))
    },
  },
  Membership: {
    plan: async ({ planId }, _args, ctx) => known(await ctx.membership.catalogue(), planId),
  },
  Viewer: {
    membership: async (viewer, _args, ctx) => {
      const [catalogue, held] = await holdings(viewer.memberId, ctx)
      const live = held.filter((membership) => stateOf(membership, ctx.now).kind === 'live')
      return mostOpening(live, catalogue) ?? lastEnded(held)
    },
    memberships: async (viewer, _args, ctx) => (await holdings(viewer.memberId, ctx))[1],
  },
}

async function holdings(memberId: string, ctx: Context): Promise<[Catalogue, MembershipRow[]]> {
  return Promise.all([ctx.membership.catalogue(), ctx.membership.memberships.load(memberId)])
}

function known(catalogue: Catalogue, id: string): PlanRow {
  const plan = catalogue.get(id)
  if (!plan) throw new Error('a plan that the catalogue does not have')
  return plan
}

/** The one whose plan includes the most others; of several such the latest. */
function mostOpening(live: readonly MembershipRow[], catalogue: Catalogue): MembershipRow | undefined {
  const breadth = ({ planId }: MembershipRow): number => known(catalogue, planId).includedPlanIds.size
  return [...live].sort((a, b) => breadth(b) - breadth(a))[0]
}

function lastEnded(held: readonly MembershipRow[]): MembershipRow | null {
  const end = ({ endedAt, currentPeriodEnd, startedAt }: MembershipRow): number =>
    (endedAt ?? currentPeriodEnd ?? startedAt).getTime()
  return [...held].sort((a, b) => end(b) - end(a))[0] ?? null
}
