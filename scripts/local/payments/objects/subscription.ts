import type Stripe from 'stripe'
import { newId } from '../state/ids.ts'
import type { Phase, Price, Schedule, Subscription, SubscriptionItem } from '../state/resources.ts'
import { planOf } from './catalogue.ts'
import { innerList } from './shared.ts'

export interface SubscriptionFields {
  readonly id?: string
  readonly itemId?: string
  readonly customer: string
  readonly price: Price
  readonly quantity: number
  readonly status: Stripe.Subscription.Status
  readonly created: number
  readonly anchor: number
  readonly period: { readonly start: number; readonly end: number }
  readonly trial: { readonly start: number; readonly end: number } | null
  readonly defaultPaymentMethod: string | null
}

export function makeSubscription(fields: SubscriptionFields): Subscription {
  const id = fields.id ?? newId('sub')
  return {
    id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: fields.anchor,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: null, type: 'classic' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: noCancellation,
    collection_method: 'charge_automatically',
    created: fields.created,
    currency: fields.price.currency,
    customer: fields.customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: fields.defaultPaymentMethod,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: innerList([makeItem(id, fields)], `/v1/subscription_items?subscription=${id}`),
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: 'off',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: fields.created,
    status: fields.status,
    test_clock: null,
    transfer_data: null,
    trial_end: fields.trial?.end ?? null,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' },
    },
    trial_start: fields.trial?.start ?? null,
  }
}

export const noCancellation = {
  comment: null,
  feedback: null,
  feedback_option: null,
  reason: null,
} satisfies Stripe.Subscription.CancellationDetails

const makeItem = (subscription: string, fields: SubscriptionFields): SubscriptionItem => ({
  id: fields.itemId ?? newId('si', 14),
  object: 'subscription_item',
  billing_thresholds: null,
  created: fields.created,
  current_period_end: fields.period.end,
  current_period_start: fields.period.start,
  current_trial: null,
  discounts: [],
  metadata: {},
  plan: planOf(fields.price),
  price: fields.price,
  quantity: fields.quantity,
  subscription,
  tax_rates: [],
})

interface PhaseFields {
  readonly price: Price
  readonly quantity: number
  readonly start: number
  readonly end: number
  readonly prorationBehavior: Stripe.SubscriptionSchedule.Phase.ProrationBehavior
}

export const makePhase = (fields: PhaseFields): Phase => ({
  add_invoice_items: [],
  application_fee_percent: null,
  billing_cycle_anchor: null,
  billing_thresholds: null,
  collection_method: null,
  currency: fields.price.currency,
  default_payment_method: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  end_date: fields.end,
  invoice_settings: null,
  items: [
    {
      billing_thresholds: null,
      discounts: [],
      metadata: {},
      plan: fields.price.id,
      price: fields.price.id,
      quantity: fields.quantity,
      tax_rates: [],
    },
  ],
  metadata: {},
  on_behalf_of: null,
  proration_behavior: fields.prorationBehavior,
  start_date: fields.start,
  transfer_data: null,
  trial_end: null,
})

export const makeSchedule = (subscription: Subscription, phase: Phase, created: number): Schedule => ({
  id: newId('sub_sched'),
  object: 'subscription_schedule',
  application: null,
  billing_mode: { flexible: null, type: 'classic' },
  canceled_at: null,
  completed_at: null,
  created,
  current_phase: { start_date: phase.start_date, end_date: phase.end_date },
  customer: subscription.customer,
  customer_account: null,
  default_settings: {
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: 'automatic',
    billing_thresholds: null,
    collection_method: 'charge_automatically',
    default_payment_method: null,
    description: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      days_until_due: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    on_behalf_of: null,
    transfer_data: null,
  },
  end_behavior: 'release',
  livemode: false,
  metadata: {},
  pause_schedules: [],
  phases: [phase],
  released_at: null,
  released_subscription: null,
  status: 'active',
  subscription: subscription.id,
  test_clock: null,
})
