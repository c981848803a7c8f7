import { expect, test } from '@jest/globals'
import Stripe from 'stripe'
import { changePlan } from '../src/billing/subscription/change-plan.ts'
import { createBillingLoaders, createProviderTaskHandler, receiveEvent } from '../src/billing/index.ts'
import { keepMembership } from '../src/billing/subscription/cancel-membership.ts'
import type { Offer } from '../src/billing/offer.ts'
import type { Context } from '../src/graphql/context-types.ts'
import { createChangeHub } from '../src/membership/index.ts'
import { testDatabase } from './support/database.ts'
import { drainJobs, passForJobs } from './support/drain-jobs.ts'
import { event, id, subscription } from './support/provider-events.ts'
import { makeCustomer, makePricedPlan } from './support/webhooks.ts'

// A plan change first withdraws a cancellation. If the provider then fails, the cancellation is made again.

const db = await testDatabase()
const patron = await makePricedPlan(db, { monthly: 1200 })
const supporter = await makePricedPlan(db, { monthly: 500 })
const start = Math.floor(Date.now() / 1000) - 86_400
const away = () => new Stripe.errors.StripeConnectionError({ message: 'away', type: 'api_error' })
type Fault = 'none' | 'at the schedule' | 'from then on'

/** Creates a provider double with one subscription. `fault` fails calls after the cancellation was withdrawn. */
function provider(customer: string, fault: Fault) {
  const found = {
    id: id('sub'),
    status: 'active',
    customer,
    schedule: null as string | null,
    cancel_at: null,
    cancel_at_period_end: true,
    trial_end: null,
    items: { data: [{ id: 'si_1', price: { id: patron.price } }] },
  }
  const now = { start_date: start, end_date: start + 30 * 86_400, items: [{ price: patron.price, quantity: 1 }] }
  const schedule = { id: 'sub_sched_1', current_phase: { start_date: start }, phases: [now] }
  const state = { found, fault, budgets: [] as (number | undefined)[] }
  const clientOf = (isUndo: boolean) => {
    const unlessAway = async <T>(answer: () => T): Promise<T> => {
      if (isUndo && state.fault === 'from then on') throw away()
      return answer()
    }
    return {
      subscriptions: {
        retrieve: () => unlessAway(() => structuredClone(found)),
        update: (_of: string, params: object) => unlessAway(() => Object.assign(found, params)),
      },
      subscriptionSchedules: {
        create: () => unlessAway(() => ((found.schedule = schedule.id), schedule)),
        update: async () => (state.fault === 'none' ? schedule : Promise.reject(away())),
        release: () => unlessAway(() => ((found.schedule = null), schedule)),
      },
    } as unknown as Stripe
  }
  return Object.assign(state, { clientOf })
}

/** Creates a member with a cancelled membership of Patron. */
async function cancelled(fault: Fault) {
  const { member, customer } = await makeCustomer(db, 'https://issuer.test/')
  const theirs = provider(customer, fault)
  const { id: subscriptionId } = theirs.found
  const about = { id: subscriptionId, customer, price: patron.price, start, periodEnd: start + 30 * 86_400 }
  const object = subscription({ ...about, cancel_at_period_end: true })
  await receiveEvent(db, event('customer.subscription.created', object, { created: start }), {
    graceMilliseconds: 0,
    livemode: false,
    receivedAt: new Date(),
    now: new Date(),
  })
  const failures: string[] = []
  const request = () => {
    const billing = createBillingLoaders({
      db,
      stripe: null,
      createProviderClient: (milliseconds) => {
        theirs.budgets.push(milliseconds)
        return theirs.clientOf(milliseconds !== undefined)
      },
      siteUrl: 'http://localhost',
      webhookWaitMilliseconds: 0,
      changes: createChangeHub(),
      onFailure: (what) => failures.push(what),
    })
    const membership = { memberships: { clear: () => undefined } }
    return { db, now: new Date(), billing, membership } as unknown as Context
  }
  const offer = {
    plan: { ...supporter, includedPlanIds: new Set(), trialDays: 0 },
    interval: 'MONTHLY',
    price: { amountMinor: 500, currency: 'EUR' },
  } as unknown as Offer
  return {
    theirs,
    failures,
    change: () => changePlan(request(), member.id, offer),
    keep: () => keepMembership(request(), member.id),
    task: async () => (await db.billingTask.findUnique({ where: { subscriptionId } }))?.kind ?? null,
    doJobs: () => drainJobs([createProviderTaskHandler(db, theirs.clientOf(true))]),
  }
}

test('a successful change leaves no task', async () => {
  const { theirs, change, task } = await cancelled('none')
  await change()
  expect(theirs.found).toMatchObject({ cancel_at_period_end: false, schedule: 'sub_sched_1' })
  expect(await task()).toBeNull()
})

test('a failed change is undone with its own time budget', async () => {
  const { theirs, change, task } = await cancelled('at the schedule')
  await expect(change()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  expect(theirs.found).toMatchObject({ cancel_at_period_end: true, schedule: null })
  expect(theirs.budgets).toEqual([undefined, 3_000])
  expect(await task()).toBeNull()
})

test('a job undoes the change if that fails at first', async () => {
  const { theirs, change, task, doJobs, failures } = await cancelled('from then on')
  await expect(change()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  expect(theirs.found.cancel_at_period_end).toBe(false)
  expect(failures).toEqual([expect.stringContaining('could not be reverted and will be retried')])
  expect(await task()).toBe('CANCEL_AT_PERIOD_END')
  await expect(change()).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('Another change') })
  theirs.fault = 'none'
  expect(await doJobs()).toEqual([])
  expect(await task()).toBe('CANCEL_AT_PERIOD_END')
  await passForJobs(db, 60)
  // Those of other tests among them: they find nothing to take back.
  expect(new Set(await doJobs())).toEqual(new Set(['done']))
  expect(theirs.found).toMatchObject({ cancel_at_period_end: true, schedule: null })
  expect(await task()).toBeNull()
})

test('the job does not cancel a member who has withdrawn meanwhile', async () => {
  const { theirs, change, task, keep, doJobs } = await cancelled('from then on')
  await expect(change()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  theirs.fault = 'none'
  await keep()
  expect(await task()).toBeNull()
  await passForJobs(db, 60)
  // Those of other tests among them: they find nothing to take back.
  expect(new Set(await doJobs())).toEqual(new Set(['done']))
  expect(theirs.found.cancel_at_period_end).toBe(false)
})
