export { membershipIdOf } from './apply-customer.ts'
export { receiveEvent } from './receive.ts'
export { receiveWebhook, RefusedDelivery, type WebhookOptions } from './delivery/receive-webhook.ts'
export { replayLedger, type ReplayReport } from './replay.ts'
