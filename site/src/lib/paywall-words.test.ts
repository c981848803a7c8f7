import { describe, expect, test } from '@jest/globals'
import type { AccessReason, Visibility } from '../graphql/operations.ts'
import { paywallWords, type Step } from './paywall-words.ts'

const supporter = { slug: 'supporter', name: 'Supporter' }
const patron = { slug: 'patron', name: 'Patron' }
const friend = { slug: 'friend', name: 'Friend' }

type Reason = AccessReason

const table: [Reason, Visibility, Step, label: string, title: string][] = [
  ['SIGN_IN_REQUIRED', 'MEMBERS', 'sign-in', 'Sign in or create an account', 'Read on with a free account'],
  ['SIGN_IN_REQUIRED', 'PAID', 'sign-in', 'Sign in', 'The rest is for members with a plan'],
  ['SIGN_IN_REQUIRED', 'PLANS', 'sign-in', 'Sign in', 'The rest is for members with a plan'],
  ['PLAN_REQUIRED', 'PAID', 'choose-plan', 'Choose a plan', 'Your account has no plan for this piece'],
  ['PLAN_EXPIRED', 'PLANS', 'renew', 'Renew your plan', 'Your plan has ended'],
  ['PAYMENT_PAST_DUE', 'PAID', 'fix-payment', 'Fix the payment', 'Your last payment did not go through'],
  ['ACCOUNT_DISABLED', 'MEMBERS', 'another-account', 'Use another account', 'This account is disabled'],
  ['UNAVAILABLE', 'PAID', 'again', 'Try again now', 'We cannot say just now whether this is open to you'],
  // Of a server that is newer than the site: locked, and said so.
  ['REGION_BLOCKED' as AccessReason, 'PAID', 'account', 'See your account', 'The rest of this piece is locked'],
  // Open, by its name; whoever shows a paywall for it all the same says no more than that.
  ['PUBLIC', 'PUBLIC', 'account', 'See your account', 'The rest of this piece is locked'],
  ['SIGNED_IN', 'MEMBERS', 'account', 'See your account', 'The rest of this piece is locked'],
  ['PLAN', 'PAID', 'account', 'See your account', 'The rest of this piece is locked'],
  ['STAFF', 'PAID', 'account', 'See your account', 'The rest of this piece is locked'],
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
  [[], 'It opens with a plan.'],
  [[supporter], 'It opens with the plan Supporter.'],
  [[supporter, patron], 'It opens with one of the plans Supporter or Patron.'],
  [[supporter, patron, friend], 'It opens with one of the plans Supporter, Patron, or Friend.'],
])('names the plans %j', (plans, text) => {
  expect(paywallWords({ reason: 'PLAN_REQUIRED', visibility: 'PLANS', plans }).text).toBe(text)
})
