import { expect, test } from '@jest/globals'
import { requirementFor } from '../../test/support/holdings.ts'
import { refusalOf } from './refusal.ts'
import type { Access } from './types.ts'

const locked = (reason: string): Access => ({
  granted: false,
  reason: reason as Access['reason'],
  requiredPlans: requirementFor('supporter').requiredPlans,
  until: null,
})

test.each([
  ['SIGN_IN_REQUIRED', 'UNAUTHENTICATED', 'Sign in to read this article.'],
  ['PLAN_REQUIRED', 'SUBSCRIPTION_REQUIRED', 'This article requires a plan that you do not have.'],
  ['PLAN_EXPIRED', 'SUBSCRIPTION_REQUIRED', 'Your plan for this article has ended.'],
  [
    'PAYMENT_PAST_DUE',
    'SUBSCRIPTION_REQUIRED',
    'The payment for your plan failed. Update your card to read this article.',
  ],
  ['ACCOUNT_DISABLED', 'ACCOUNT_DISABLED', 'This account is disabled.'],
])('%s is refused with %s', (reason, code, message) => {
  const { message: said, extensions } = refusalOf(locked(reason))
  expect(said).toBe(message)
  // Only slugs and names. Prices and ids are in `Article.access`.
  const requiredPlans = [
    { slug: 'supporter', name: 'supporter' },
    { slug: 'patron', name: 'patron' },
  ]
  expect(extensions).toEqual({ code, reason, requiredPlans })
})

test.each(['UNAVAILABLE', 'A_REASON_OF_TOMORROW', 'PLAN', ''])('the reason %p is SERVICE_UNAVAILABLE', (reason) => {
  const { message, extensions } = refusalOf(locked(reason))
  expect(message).toBe('Your access to this article could not be checked. Try again.')
  expect(extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', reason: 'UNAVAILABLE' })
})
