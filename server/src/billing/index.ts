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
export { comparison, createComparisonHandler } from './reconcile/comparison-job.ts'
export { createProviderTaskHandler, providerTask } from './outbox/index.ts'
export { promotions, subscribedMemberships } from './queries.ts'
export { billingResolvers } from './resolvers.ts'
export { billingRules } from './rules.ts'
export { createBudget } from './provider/http-client.ts'
export { apiVersion, billingFailure, createStripe, requestBudgetMilliseconds } from './provider/calls.ts'
export { applySync, planSyncOf } from './catalogue-sync/apply-steps.ts'
export { describeStep, promotionWords } from './catalogue-sync/describe-step.ts'
export type { SyncStep } from './catalogue-sync/plan-steps.ts'
export type { Difference } from './types.ts'
