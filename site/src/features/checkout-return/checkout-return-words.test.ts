import { expect, test } from '@jest/globals'
import type { BoughtGiftFragment, MembershipStatus } from '../../api/operations.ts'
import type { Held } from '../../membership/holdings.ts'
import {
  checkoutReturnStage,
  checkoutReturnWords,
  type CheckoutReturnFacts,
  type CheckoutReturnStage,
} from './checkout-return-words.ts'

const held = (status: MembershipStatus, source: Held['source'] = 'PAYMENT'): Held => ({
  plan: { slug: 'supporter', name: 'Supporter' },
  status,
  source,
  startedAt: '2026-01-05T10:00:00.000Z',
  currentPeriodEnd: null,
  cancelAtPeriodEnd: false,
  opens: true,
  opensUntil: null,
  endedAt: null,
})
const gift = (redeemedAt: string | null): BoughtGiftFragment => ({
  id: '1',
  code: 'GIFT',
  plan: { slug: 'supporter', name: 'Supporter' },
  interval: 'YEARLY',
  boughtAt: '2026-01-05T10:00:00.000Z',
  redeemedAt,
  voided: false,
})
const plan = { outcome: 'done', purchase: 'plan' } as const
const given = { outcome: 'done', purchase: 'gift' } as const
const back = { outcome: 'back', purchase: 'plan' } as const
const holds = (...memberships: Held[]) => ({ memberships, gifts: [] })
const gave = (...gifts: BoughtGiftFragment[]) => ({ memberships: [held('ACTIVE')], gifts })

test.each<
  [CheckoutReturnFacts['checkoutReturn'], boolean, CheckoutReturnFacts['holdings'], boolean, CheckoutReturnStage]
>([
  [back, true, holds(held('ACTIVE')), false, 'cancelled'],
  [back, false, null, false, 'cancelled'],
  [plan, false, null, false, 'signed-out'],
  [plan, true, null, false, 'waiting'],
  [plan, true, null, true, 'delayed'],
  [plan, true, holds(), false, 'waiting'],
  [plan, true, holds(), true, 'delayed'],
  [plan, true, holds(held('ENDED')), false, 'waiting'],
  [plan, true, holds(held('INCOMPLETE')), false, 'waiting'],
  [plan, true, holds(held('ACTIVE', 'GIFT')), false, 'waiting'],
  [plan, true, holds(held('ACTIVE')), false, 'arrived'],
  [plan, true, holds(held('TRIALING')), true, 'arrived'],
  [given, true, gave(), false, 'waiting'],
  [given, true, gave(gift('2026-01-06T10:00:00.000Z')), true, 'delayed'],
  [given, true, gave(gift(null)), false, 'arrived'],
  [given, true, { memberships: [], gifts: null }, false, 'waiting'],
])('%j, signed in %s, %j, late %s: %s', (checkoutReturn, signedIn, holdings, delayed, stage) => {
  expect(checkoutReturnStage({ checkoutReturn, signedIn, holdings, delayed })).toBe(stage)
})

test.each<[CheckoutReturnStage, 'plan' | 'gift', string | null, string]>([
  ['cancelled', 'plan', null, 'Checkout cancelled. You haven’t been charged.'],
  ['waiting', 'plan', null, 'Payment received. Unlocking …'],
  ['waiting', 'gift', null, 'Payment received. Your code will be here in a moment …'],
  ['arrived', 'plan', 'Supporter', 'Welcome. You now have Supporter.'],
  ['arrived', 'plan', null, 'Welcome.'],
  ['arrived', 'gift', 'Supporter for a year', 'Thank you. The code for Supporter for a year is under Gifts.'],
  ['arrived', 'gift', null, 'Thank you. The code is under Gifts.'],
  ['delayed', 'plan', null, 'update by itself'],
  ['signed-out', 'plan', null, 'Sign in with the account you paid with'],
])('%s, %s, %s: %s', (stage, purchase, name, words) => {
  expect(checkoutReturnWords(stage, purchase, name)).toContain(words)
})
