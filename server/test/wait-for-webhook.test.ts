import { expect, test } from '@jest/globals'
import { receiveEvent } from '../src/billing/index.ts'
import { waitForWebhook } from '../src/billing/subscription/wait-for-webhook.ts'
import type { Context } from '../src/graphql/context-types.ts'
import { createChangeHub } from '../src/membership/index.ts'
import { testDatabase } from './support/database.ts'
import { event, id, subscription } from './support/provider-events.ts'
import { makeCustomer, makePricedPlan } from './support/webhooks.ts'

// A response waits for the webhook of a change. It queries when the member's records were written, and not in between.

const db = await testDatabase()
const plan = await makePricedPlan(db)

async function subscriber() {
  const { member, customer } = await makeCustomer(db, 'https://issuer.test/')
  const start = Math.floor(Date.now() / 1000) - 86_400
  const about = { id: id('sub'), customer, price: plan.price, start, periodEnd: start + 30 * 86_400 }
  const send = (cancelled: boolean, created: number) =>
    receiveEvent(
      db,
      event('customer.subscription.updated', subscription({ ...about, cancel_at_period_end: cancelled }), { created }),
      { graceMilliseconds: 0, livemode: false, receivedAt: new Date(), now: new Date() },
    )
  await send(false, start)
  return { member, cancel: () => send(true, start + 60) }
}

function waitFor(memberId: string, webhookWaitMilliseconds: number) {
  const changes = createChangeHub()
  const failures: string[] = []
  let queries = 0
  let onQuery: () => void = () => undefined
  const billing = {
    changes,
    webhookWaitMilliseconds,
    forget: () => undefined,
    onFailure: (_what: string, error: Error) => failures.push(error.message),
  }
  const ctx = { db, billing, membership: { memberships: { clear: () => undefined } } } as unknown as Context
  const done = waitForWebhook(ctx, memberId, ({ membership }) => {
    queries += 1
    onQuery()
    return membership.cancelAtPeriodEnd
  })
  return {
    changes,
    failures,
    done,
    queries: () => queries,
    nextQuery: () => new Promise<void>((resolve) => (onQuery = resolve)),
  }
}

test('queries again after a change of the member, and not before', async () => {
  const { member, cancel } = await subscriber()
  const waiting = waitFor(member.id, 60_000)
  await waiting.nextQuery()
  await cancel()
  // A change of another member.
  waiting.changes.publish(crypto.randomUUID())
  expect(waiting.queries()).toBe(1)
  waiting.changes.publish(member.id)
  await waiting.done
  expect([waiting.queries(), waiting.failures, waiting.changes.size]).toEqual([2, [], 0])
})

test('does not wait for a change that is already stored', async () => {
  const { member, cancel } = await subscriber()
  await cancel()
  const waiting = waitFor(member.id, 60_000)
  await waiting.done
  expect([waiting.queries(), waiting.failures]).toEqual([1, []])
})

test('queries once more at the end, and reports a webhook that did not come', async () => {
  const { member } = await subscriber()
  const never = waitFor(member.id, 0)
  await never.done
  expect([never.queries(), never.failures]).toEqual([2, ['no webhook arrived within 0 ms']])
})
