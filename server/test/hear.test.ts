import { expect, test } from '@jest/globals'
import { receiveEvent } from '../src/billing/index.ts'
import { untilHeard } from '../src/billing/hear.ts'
import type { Context } from '../src/graphql/context-types.ts'
import { createChangeHub } from '../src/membership/index.ts'
import { testDatabase } from './support/database.ts'
import { event, id, subscription } from './support/provider-events.ts'
import { makeCustomer, makePricedPlan } from './support/webhooks.ts'

// An answer waits for the provider's word of a change: it looks when something was written of the member, and not in between.

const db = await testDatabase()
const plan = await makePricedPlan(db)

async function subscriber() {
  const { member, customer } = await makeCustomer(db, 'https://issuer.test/')
  const start = Math.floor(Date.now() / 1000) - 86_400
  const about = { id: id('sub'), customer, price: plan.price, start, periodEnd: start + 30 * 86_400 }
  const tell = (cancelled: boolean, created: number) =>
    receiveEvent(
      db,
      event('customer.subscription.updated', subscription({ ...about, cancel_at_period_end: cancelled }), { created }),
      { graceMilliseconds: 0, livemode: false, receivedAt: new Date(), now: new Date() },
    )
  await tell(false, start)
  return { member, cancel: () => tell(true, start + 60) }
}

function waitFor(memberId: string, hearingMilliseconds: number) {
  const changes = createChangeHub()
  const failures: string[] = []
  let looks = 0
  let looked: () => void = () => undefined
  const billing = {
    changes,
    hearingMilliseconds,
    forget: () => undefined,
    onFailure: (_what: string, error: Error) => failures.push(error.message),
  }
  const ctx = { db, billing, membership: { memberships: { clear: () => undefined } } } as unknown as Context
  const heard = untilHeard(ctx, memberId, ({ membership }) => {
    looks += 1
    looked()
    return membership.cancelAtPeriodEnd
  })
  return {
    changes,
    failures,
    heard,
    looks: () => looks,
    look: () => new Promise<void>((resolve) => (looked = resolve)),
  }
}

test('looks again after a change of the member, and not before', async () => {
  const { member, cancel } = await subscriber()
  const waiting = waitFor(member.id, 60_000)
  await waiting.look()
  await cancel()
  // Something else was written, of somebody else.
  waiting.changes.tell(crypto.randomUUID())
  expect(waiting.looks()).toBe(1)
  waiting.changes.tell(member.id)
  await waiting.heard
  expect([waiting.looks(), waiting.failures, waiting.changes.size]).toEqual([2, [], 0])
})

test('what is so already is not waited for', async () => {
  const { member, cancel } = await subscriber()
  await cancel()
  const waiting = waitFor(member.id, 60_000)
  await waiting.heard
  expect([waiting.looks(), waiting.failures]).toEqual([1, []])
})

test('what nobody tells of is looked for once more in the end, and told of', async () => {
  const { member } = await subscriber()
  const never = waitFor(member.id, 0)
  await never.heard
  expect([never.looks(), never.failures]).toEqual([2, ['nothing was heard of it within 0 ms']])
})
