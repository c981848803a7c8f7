export {
  membershipIdOf,
  receiveEvent,
  receiveWebhook,
  RefusedDelivery,
  replayLedger,
  type ReplayReport,
  type WebhookOptions,
} from './ledger/index.ts'
export type { BillingContext } from './context.ts'
export { createBillingLoaders, type BillingLoaders, type BillingServices } from './loaders.ts'
export { comparison, createComparisonHandler } from './reconcile/comparison-job.ts'
export { createProviderTaskHandler, providerTask } from './provider-tasks/index.ts'
export { differences, type ReconcileOptions } from './reconcile/differences.ts'
export type { Difference } from './reconcile/difference.ts'
export { subscribedMemberships } from './subscription/queries.ts'
export { billingResolvers } from './resolvers.ts'
export { billingRules } from './rules.ts'
export { createBudget } from './provider/http-client.ts'
export { apiVersion, createStripe, requestBudgetMilliseconds, type ProviderClient } from './provider/client.ts'
export { billingFailure } from './provider/failures.ts'
export { applySync, planSyncOf } from './catalogue-sync/apply-steps.ts'
export { describeStep } from './catalogue-sync/describe-step.ts'
export type { SyncStep } from './catalogue-sync/plan-steps.ts'
