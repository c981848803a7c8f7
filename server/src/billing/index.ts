export {
  ForgedDelivery,
  NotAnEvent,
  NotJson,
  differences,
  membershipIdOf,
  readDelivery,
  receiveDelivery,
  receiveEvent,
  replayLedger,
  verifyDelivery,
  type Delivery,
  type Receipt,
  type ReconcileOptions,
  type ReplayReport,
} from './ledger/index.ts'
export type { BillingContext } from './context.ts'
export { promote, retirePromotion, type NewPromotion } from './commands.ts'
export { createBillingLoaders, type BillingLoaders, type BillingServices } from './loaders.ts'
export { comparison, createComparisonHandler } from './compare.ts'
export { createProviderTaskHandler, providerTask } from './outbox/index.ts'
export { promotions, subscribedMemberships } from './queries.ts'
export { billingResolvers } from './resolvers.ts'
export { billingRules } from './rules.ts'
export { createBudget } from './provider-client.ts'
export { apiVersion, billingFailure, createStripe, requestBudgetMilliseconds } from './stripe.ts'
export { applySync, planSyncOf } from './sync-apply.ts'
export { describeStep, promotionWords } from './sync-words.ts'
export type { SyncStep } from './sync.ts'
export type { Difference } from './types.ts'
