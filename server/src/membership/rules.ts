import { allow, type RuleMap } from '../lib/shield.ts'
import { hasPermission, isMember } from '../members/index.ts'

/** Fields of `Viewer` need no rule of their own, because only the member gets the `Viewer`. Other members' data requires a permission. */
export const membershipRules: RuleMap = {
  Query: { whyAccess: hasPermission('read:members') },
  Mutation: {
    grantMembership: hasPermission('manage:plans'),
    revokeMembership: hasPermission('manage:plans'),
  },
  Subscription: { viewerChanged: isMember },
  Viewer: { membership: allow, memberships: allow },
  Access: { granted: allow, reason: allow, requiredPlans: allow, until: allow },
  Membership: {
    plan: allow,
    status: allow,
    source: allow,
    startedAt: allow,
    currentPeriodEnd: allow,
    cancelAtPeriodEnd: allow,
    opens: allow,
    opensUntil: allow,
    endedAt: allow,
  },
  AccessExplanation: {
    at: allow,
    summary: allow,
    access: allow,
    visibility: allow,
    plans: allow,
    disabled: allow,
    holdings: allow,
  },
  HoldingThen: {
    plan: allow,
    status: allow,
    source: allow,
    startedAt: allow,
    currentPeriodEnd: allow,
    graceEndsAt: allow,
    cancelAtPeriodEnd: allow,
    since: allow,
    cause: allow,
    opened: allow,
  },
}
