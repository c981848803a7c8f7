import { expect, test } from '@jest/globals'
import { at, holds, hour, now } from '../../../test/support/holdings.ts'
import { cancellationBlocker, planChangeBlocker, purchaseBlocker, purchaseStep } from './purchase-eligibility.ts'

const again = 'You already have a paid membership. Change its plan instead.'
const closing = 'Your last membership is being closed. Try again in a minute.'
const card = 'Your last payment failed. Update your card'
const paused = 'Your membership is paused. Resume it at the payment provider'
const none = 'You have no paid membership. Choose a plan first.'
const incomplete = 'Your first payment has not been completed yet.'
const cancelled = { cancelAtPeriodEnd: true }
const over = { cancelAtPeriodEnd: true, currentPeriodEnd: now }
const late = { currentPeriodEnd: at(-hour), graceEndsAt: at(hour) }

test.each([
  // status        fields     to buy                          to change            to leave   step
  ['TRIALING', {}, again, null, null, 'CHANGE'],
  ['ACTIVE', {}, again, null, null, 'CHANGE'],
  ['ACTIVE', cancelled, again, null, null, 'CHANGE'],
  ['ACTIVE', over, closing, none, none, 'WAIT'],
  ['TRIALING', over, closing, none, none, 'WAIT'],
  // The event of the renewal is late.
  ['ACTIVE', late, again, null, null, 'CHANGE'],
  ['PAST_DUE', {}, `${card} instead of buying again.`, `${card} first.`, null, 'PAY'],
  ['UNPAID', {}, `${card} instead of buying again.`, `${card} first.`, null, 'PAY'],
  ['PAUSED', {}, `${paused} instead of buying again.`, `${paused} first.`, null, 'RESUME'],
  ['INCOMPLETE', {}, null, incomplete, none, 'PAY'],
  ['ENDED', { endedAt: now }, null, none, none, 'BUY'],
] as const)('%s %o', (status, fields, toBuy, toChange, toLeave, step) => {
  const held = holds('patron', { source: 'PAYMENT', status, ...fields })
  expect(purchaseBlocker([holds('audio'), held], now)).toBe(toBuy)
  expect(purchaseStep([holds('audio'), held], now)).toBe(step)
  expect(planChangeBlocker(held, now)).toBe(toChange)
  expect(cancellationBlocker(held, now)).toBe(toLeave)
})

test('gifts and grants do not block a purchase', () => {
  const given = [holds('patron'), holds('patron', { source: 'COMPLIMENTARY' })]
  expect(purchaseBlocker(given, now)).toBeNull()
  expect(purchaseBlocker([], now)).toBeNull()
  expect([purchaseStep(given, now), purchaseStep([], now)]).toEqual(['BUY', 'BUY'])
  expect(planChangeBlocker(null, now)).toBe(none)
  expect(cancellationBlocker(null, now)).toBe(none)
})
