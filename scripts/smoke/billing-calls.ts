import { absent, ask, type Call, type Caller } from './call.ts'
import {
  cancelMembership,
  changePlan,
  grantMembership,
  keepMembership,
  nobodysId,
  openBillingPortal,
  planChange,
  redeemGift,
  revokeMembership,
  startCheckout,
  startGiftCheckout,
  whyAccess,
} from './queries.ts'

const demo = ['demo'] as const
const paidDemo = ['demo', 'local payments'] as const

/** Creates a call that is refused, so that it changes nothing. Its name starts with the refused field. */
const refused = (
  name: string,
  as: Caller,
  query: string,
  code: string,
  message: string,
  rest: Parameters<typeof ask>[4] = {},
): Call =>
  ask(
    name,
    as,
    query,
    {
      [`data.${name.split(' ')[0]}`]: null,
      'errors.0.extensions.code': code,
      'errors.0.message': message,
    },
    rest,
  )

const needsManaging = 'The permission manage:plans is required.'
const member = { needs: demo, variables: { member: nobodysId } }

/** Calls of staff. */
const staffCalls: readonly Call[] = [
  ask(
    'whyAccess as editor',
    'editor',
    whyAccess,
    {
      errors: absent,
      'data.whyAccess.access': { granted: true, reason: 'PLAN' },
      'data.whyAccess.visibility': 'PAID',
      'data.whyAccess.holdings.0.opened': true,
    },
    { needs: demo, variables: { member: '{{member}}', at: '{{now}}' } },
  ),
  refused('whyAccess as reader', 'reader', whyAccess, 'FORBIDDEN', 'The permission read:members is required.', {
    needs: demo,
    variables: { member: '{{member}}', at: '{{now}}' },
  }),
  refused('grantMembership as reader', 'reader', grantMembership, 'FORBIDDEN', needsManaging, member),
  refused('grantMembership to nobody', 'editor', grantMembership, 'NOT_FOUND', 'There is no such member.', member),
  refused('revokeMembership as reader', 'reader', revokeMembership, 'FORBIDDEN', needsManaging, member),
  refused('revokeMembership of nobody', 'editor', revokeMembership, 'NOT_FOUND', 'There is no such member.', member),
]

const nothingPaid = 'You have no paid membership. Choose a plan first.'

/** Calls about purchases. `newcomer` is a member without a plan, so no call can end a plan. */
const payingCalls: readonly Call[] = [
  ask(
    'planChange as subscriber',
    'subscriber',
    planChange,
    {
      errors: absent,
      'data.planChange.plan.slug': 'patron',
      'data.planChange.direction': 'UP',
      'data.planChange.dueNow.currency': 'EUR',
    },
    { needs: paidDemo },
  ),
  ask('planChange as newcomer', 'newcomer', planChange, { errors: absent, 'data.planChange': null }, { needs: demo }),
  refused(
    'startCheckout as subscriber',
    'subscriber',
    startCheckout,
    'CONFLICT',
    'You already have a paid membership. Change its plan instead.',
    { needs: paidDemo, variables: { returnTo: '/articles/self-reliance/' } },
  ),
  refused(
    'startGiftCheckout and back to elsewhere',
    'newcomer',
    startGiftCheckout,
    'BAD_USER_INPUT',
    'returnTo must be a path of the site, such as /account/, with at most 500 characters.',
    { needs: paidDemo, status: 400, variables: { returnTo: 'https://elsewhere.example/' } },
  ),
  refused(
    'openBillingPortal as newcomer',
    'newcomer',
    openBillingPortal,
    'CONFLICT',
    'You have not bought anything yet, so there are no payments to show.',
    { needs: paidDemo, variables: { returnTo: '/account/' } },
  ),
  refused('changePlan as newcomer', 'newcomer', changePlan, 'CONFLICT', nothingPaid, { needs: paidDemo }),
  refused('cancelMembership as newcomer', 'newcomer', cancelMembership, 'CONFLICT', nothingPaid, { needs: paidDemo }),
  refused('keepMembership as newcomer', 'newcomer', keepMembership, 'CONFLICT', nothingPaid, { needs: paidDemo }),
  refused(
    'redeemGift with an unknown code',
    'newcomer',
    redeemGift,
    'NOT_FOUND',
    "That code isn't valid. Check it and try again.",
    {
      variables: { code: 'GIFT-00000-00000-00000-00000' },
    },
  ),
]

/** Calls about payments and grants. They change nothing, so `npm run smoke` can be repeated. */
export const billingCalls: readonly Call[] = [...staffCalls, ...payingCalls]
