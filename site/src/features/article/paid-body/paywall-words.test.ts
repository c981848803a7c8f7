import { describe, expect, test } from '@jest/globals'
import type { AccessReason, Visibility } from '../../../api/operations.ts'
import { paywallWords, type Step } from './paywall-words.ts'

const supporter = { slug: 'supporter', name: 'Supporter' }
const patron = { slug: 'patron', name: 'Patron' }
const friend = { slug: 'friend', name: 'Friend' }

type Reason = AccessReason

const table: [Reason, Visibility, Step, label: string, title: string][] = [
  ['SIGN_IN_REQUIRED', 'MEMBERS', 'sign-in', 'Sign in or create an account', 'Keep reading with a free account'],
  ['SIGN_IN_REQUIRED', 'PAID', 'sign-in', 'Sign in', 'The rest is for subscribers'],
  ['SIGN_IN_REQUIRED', 'PLANS', 'sign-in', 'Sign in', 'The rest is for subscribers'],
  ['PLAN_REQUIRED', 'PAID', 'choose-plan', 'Choose a plan', 'This article is for subscribers'],
  ['PLAN_EXPIRED', 'PLANS', 'renew', 'Subscribe again', 'Your plan has ended'],
  ['PAYMENT_PAST_DUE', 'PAID', 'fix-payment', 'Update payment', 'Your last payment failed'],
  ['ACCOUNT_DISABLED', 'MEMBERS', 'another-account', 'Use another account', 'This account is disabled'],
  ['UNAVAILABLE', 'PAID', 'again', 'Try again now', 'We can’t check your access right now'],
  // A reason of a server that is newer than the site counts as locked.
  ['REGION_BLOCKED' as AccessReason, 'PAID', 'account', 'Go to your account', 'The rest of this article is locked'],
  // A reason of open access gets the general words.
  ['PUBLIC', 'PUBLIC', 'account', 'Go to your account', 'The rest of this article is locked'],
  ['SIGNED_IN', 'MEMBERS', 'account', 'Go to your account', 'The rest of this article is locked'],
  ['PLAN', 'PAID', 'account', 'Go to your account', 'The rest of this article is locked'],
  ['STAFF', 'PAID', 'account', 'Go to your account', 'The rest of this article is locked'],
]

test.each(table)('%s of a %s article: %s', (reason, visibility, step, label, title) => {
  expect(paywallWords({ reason, visibility, plans: [supporter] })).toMatchObject({ step, label, title })
})

describe('each reason to be locked', () => {
  const locked: AccessReason[] = [
    'SIGN_IN_REQUIRED',
    'PLAN_REQUIRED',
    'PLAN_EXPIRED',
    'PAYMENT_PAST_DUE',
    'ACCOUNT_DISABLED',
    'UNAVAILABLE',
  ]
  const all = [...locked, 'REGION_BLOCKED' as AccessReason].map((reason) =>
    paywallWords({ reason, visibility: 'PAID', plans: [supporter] }),
  )

  test.each(['title', 'text', 'step', 'label'] as const)('has a %s of its own', (part) => {
    expect(new Set(all.map((words) => words[part])).size).toBe(all.length)
  })

  test('has words to read', () => {
    for (const words of all) expect(Object.values(words).filter((word: string) => word.trim() === '')).toEqual([])
  })
})

test.each([
  [[], 'You can read it with a plan.'],
  [[supporter], 'You can read it with the Supporter plan.'],
  [[supporter, patron], 'You can read it with the Supporter or Patron plan.'],
  [[supporter, patron, friend], 'You can read it with the Supporter, Patron, or Friend plan.'],
])('names the plans %j', (plans, text) => {
  expect(paywallWords({ reason: 'PLAN_REQUIRED', visibility: 'PLANS', plans }).text).toBe(text)
})
