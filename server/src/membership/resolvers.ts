import type { MembershipContext } from './context.ts'
import type { MutationGrantMembershipArgs, MutationRevokeMembershipArgs, QueryWhyAccessArgs } from '../schema-types.ts'
import { notFound } from '../lib/errors.ts'
import { acceptName, isId } from '../lib/text.ts'
import { currentMember, type MemberReader } from '../members/index.ts'
import { acceptPast, acceptReason, existingMember } from './arguments.ts'
import { knownPlan, type Catalogue } from '../catalogue/index.ts'
import { grantMembership, revokeMembership } from './commands.ts'
import { endOf, stateOf } from './entitlement.ts'
import type { ViewerChange } from './live/follow-viewer.ts'
import { whyAccess } from './history/why-access.ts'
import { nextBoundaryAt } from './live/next-boundary.ts'
import { refuseToEndPaid } from './refusal.ts'
import type { HoldingThen, MembershipRow } from './types.ts'

export const membershipResolvers = {
  Query: {
    whyAccess: async (_parent: unknown, args: QueryWhyAccessArgs, ctx: MembershipContext) => {
      const memberId = acceptName('memberId', args.memberId)
      const articleSlug = acceptName('articleSlug', args.articleSlug)
      const at = acceptPast('at', args.at, ctx.now)
      const explanation = isId(memberId)
        ? await whyAccess(ctx.db, { memberId, article: await ctx.articleDates(articleSlug), at })
        : null
      if (!explanation) throw notFound('member or article')
      return explanation
    },
  },
  Mutation: {
    grantMembership: async (
      _parent: unknown,
      { member, plan, until, reason }: MutationGrantMembershipArgs,
      ctx: MembershipContext,
    ) => {
      const [cause, planSlug] = [acceptReason(reason, await currentMember(ctx)), acceptName('plan', plan)]
      const memberId = await existingMember(ctx.db, member)
      const granted = await grantMembership(ctx.db, { memberId, planSlug, until: until ?? null }, cause, ctx.now)
      // An earlier field of the same mutation may have loaded the memberships.
      ctx.membership.memberships.clear(memberId)
      return granted
    },
    revokeMembership: async (
      _parent: unknown,
      { member, plan, reason }: MutationRevokeMembershipArgs,
      ctx: MembershipContext,
    ) => {
      const cause = acceptReason(reason, await currentMember(ctx))
      const planSlug = plan == null ? undefined : acceptName('plan', plan)
      const memberId = await existingMember(ctx.db, member)
      const { ended, stillPaid } = await revokeMembership(ctx.db, { memberId, planSlug }, cause, ctx.now)
      if (ended.length === 0 && stillPaid.length > 0) throw refuseToEndPaid()
      ctx.membership.memberships.clear(memberId)
      return [...ended]
    },
  },
  HoldingThen: {
    plan: async ({ planId }: HoldingThen, _args: unknown, ctx: MembershipContext) =>
      knownPlan(await ctx.catalogue(), planId),
  },
  Subscription: {
    viewerChanged: {
      subscribe: async (_parent: unknown, _args: unknown, ctx: MembershipContext) =>
        ctx.followViewer((await currentMember(ctx)).memberId),
      resolve: async (change: ViewerChange, _args: unknown, ctx: MembershipContext) => {
        const member = await currentMember(ctx)
        change.scheduleRecheck(nextBoundaryAt(await ctx.membership.memberships.load(member.memberId), ctx.now))
        return member
      },
    },
  },
  Membership: {
    plan: async ({ planId }: MembershipRow, _args: unknown, ctx: MembershipContext) =>
      knownPlan(await ctx.catalogue(), planId),
    status: (held: MembershipRow, _args: unknown, ctx: MembershipContext) =>
      endOf(held, ctx.now) === null ? held.status : 'ENDED',
    opens: (held: MembershipRow, _args: unknown, ctx: MembershipContext) => stateOf(held, ctx.now).kind === 'live',
    opensUntil: (held: MembershipRow, _args: unknown, ctx: MembershipContext) => {
      const state = stateOf(held, ctx.now)
      return state.kind === 'live' ? state.until : null
    },
    endedAt: (held: MembershipRow, _args: unknown, ctx: MembershipContext) => endOf(held, ctx.now),
  },
  Viewer: {
    membership: async (viewer: MemberReader, _args: unknown, ctx: MembershipContext) => {
      const [catalogue, held] = await holdings(viewer.memberId, ctx)
      const live = held.filter((membership) => stateOf(membership, ctx.now).kind === 'live')
      return mostOpening(live, catalogue) ?? lastEnded(held, ctx.now)
    },
    memberships: async (viewer: MemberReader, _args: unknown, ctx: MembershipContext) =>
      (await holdings(viewer.memberId, ctx))[1],
  },
}

async function holdings(memberId: string, ctx: MembershipContext): Promise<[Catalogue, MembershipRow[]]> {
  return Promise.all([ctx.catalogue(), ctx.membership.memberships.load(memberId)])
}

/** Returns the membership whose plan includes the most other plans, or the latest of several. */
function mostOpening(live: readonly MembershipRow[], catalogue: Catalogue): MembershipRow | undefined {
  const breadth = ({ planId }: MembershipRow): number => knownPlan(catalogue, planId).includedPlanIds.size
  return [...live].sort((a, b) => breadth(b) - breadth(a))[0]
}

function lastEnded(held: readonly MembershipRow[], now: Date): MembershipRow | null {
  const end = (row: MembershipRow): number => (endOf(row, now) ?? row.currentPeriodEnd ?? row.startedAt).getTime()
  return [...held].sort((a, b) => end(b) - end(a))[0] ?? null
}
