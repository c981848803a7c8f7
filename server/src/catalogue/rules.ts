import { allow, type RuleMap } from '../lib/shield.ts'

/** Plans and their prices are public. */
export const catalogueRules: RuleMap = {
  Query: { plans: allow },
  Plan: {
    id: allow,
    slug: allow,
    name: allow,
    description: allow,
    includes: allow,
    monthly: allow,
    yearly: allow,
    benefits: allow,
    trialDays: allow,
    onSale: allow,
  },
  Price: { amountMinor: allow, currency: allow },
}
