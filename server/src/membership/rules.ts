import { allow, type RuleMap } from '../lib/shield.ts'

/** All of it is public, or one's own by the `Viewer` above it, which only oneself gets. */
export const membershipRules: RuleMap = {
  Query: { plans: allow },
  Viewer: { membership: allow, memberships: allow },
  Plan: { id: allow, slug: allow, name: allow, description: allow, includes: allow, monthly: allow, yearly: allow },
  Price: { amountMinor: allow, currency: allow },
  Access: { granted: allow, reason: allow, requiredPlans: allow, until: allow },
  Membership: {
    plan: allow,
    status: allow,
    source: allow,
    startedAt: allow,
    currentPeriodEnd: allow,
    cancelAtPeriodEnd: allow,
  },
}
