import { CodedError, type ErrorCode } from '../lib/errors.ts'
import type { Access } from './types.ts'

type LockReason = 'SIGN_IN_REQUIRED' | 'PLAN_REQUIRED' | 'PLAN_EXPIRED' | 'PAYMENT_PAST_DUE' | 'ACCOUNT_DISABLED'

const refusals: Readonly<Record<LockReason, readonly [ErrorCode, string]>> = {
  SIGN_IN_REQUIRED: ['UNAUTHENTICATED', 'Sign in to read this article.'],
  PLAN_REQUIRED: ['SUBSCRIPTION_REQUIRED', 'This article requires a plan that you do not have.'],
  PLAN_EXPIRED: ['SUBSCRIPTION_REQUIRED', 'Your plan for this article has ended.'],
  PAYMENT_PAST_DUE: [
    'SUBSCRIPTION_REQUIRED',
    'The payment for your plan failed. Update your card to read this article.',
  ],
  ACCOUNT_DISABLED: ['ACCOUNT_DISABLED', 'This account is disabled.'],
}

/** Returns the error of a locked article's `body`: SERVICE_UNAVAILABLE if the decision failed, otherwise the code of the lock. */
export function refusalOf({ reason, requiredPlans }: Access): CodedError {
  const known = (refusals as Readonly<Record<string, readonly [ErrorCode, string]>>)[reason]
  if (!known) {
    return new CodedError('SERVICE_UNAVAILABLE', 'Your access to this article could not be checked. Try again.', {
      extensions: { reason: 'UNAVAILABLE' },
    })
  }
  const [code, message] = known
  return new CodedError(code, message, {
    extensions: { reason, requiredPlans: requiredPlans.map(({ slug, name }) => ({ slug, name })) },
  })
}

/** The refusal to end a paid membership: ended only here, it would still be charged. */
export const refuseToEndPaid = (): CodedError =>
  new CodedError(
    'CONFLICT',
    'The member pays for this membership. Cancel it at the payment provider, and refund it there if necessary. It then ends here automatically.',
  )
