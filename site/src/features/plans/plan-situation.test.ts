import { expect, test } from '@jest/globals'
import type { BillingInterval, MembershipStatus, PurchaseStep, ViewerHoldingsFragment } from '../../api/operations.ts'
import type { Held } from '../../membership/holdings.ts'
import { planReader, planSituation, type PlanReader, type PlanStep } from './plan-situation.ts'

interface Plan {
  readonly slug: string
  readonly name: string
  readonly includes: Plan[]
}

const supporter: Plan = { slug: 'supporter', name: 'Supporter', includes: [] }
const patron: Plan = { slug: 'patron', name: 'Patron', includes: [supporter] }
const plans = [supporter, patron]
const end = '2026-03-05T10:00:00.000Z'

const held = (plan: Plan, status: MembershipStatus, change: Partial<Held> = {}): Held => ({
  plan,
  status,
  source: 'PAYMENT',
  startedAt: '2026-01-05T10:00:00.000Z',
  currentPeriodEnd: end,
  cancelAtPeriodEnd: false,
  opens: true,
  opensUntil: null,
  endedAt: null,
  ...change,
})
type Billing = ViewerHoldingsFragment['billing']
const pays = (interval: BillingInterval, change: Partial<NonNullable<Billing>> = {}): Billing => ({
  interval,
  price: null,
  change: null,
  ...change,
})
const turns = (plan: Plan, interval: BillingInterval): Partial<NonNullable<Billing>> => ({
  change: { plan, interval, direction: 'DOWN', at: end },
})
/** The API's answer for the paid membership of a reader. */
const stepOf: Readonly<Record<MembershipStatus, PurchaseStep>> = {
  INCOMPLETE: 'PAY',
  TRIALING: 'CHANGE',
  ACTIVE: 'CHANGE',
  PAST_DUE: 'PAY',
  UNPAID: 'PAY',
  PAUSED: 'RESUME',
  ENDED: 'BUY',
}
const paidIn = (memberships: readonly Held[]) => memberships.find(({ source }) => source === 'PAYMENT')

const member = (
  memberships: Held[],
  billing: Billing = null,
  step: PurchaseStep | null = stepOf[paidIn(memberships)?.status ?? 'ENDED'],
): PlanReader => ({
  kind: 'member',
  holdings: { memberships, billing, purchaseStep: step },
})

const unknown: PlanReader = { kind: 'unknown' }
const nobody: PlanReader = { kind: 'anonymous' }
const disabled: PlanReader = { kind: 'disabled' }
const free = member([])
const lapsed = member([held(supporter, 'ENDED')])
const subscriber = member([held(supporter, 'ACTIVE')], pays('MONTHLY'))
const granted = member([held(supporter, 'ACTIVE')])
const onTrial = member([held(patron, 'TRIALING')], pays('MONTHLY'))
const patrons = member([held(patron, 'ACTIVE')], pays('YEARLY'))
const leaving = member([held(supporter, 'ACTIVE', { cancelAtPeriodEnd: true })], pays('MONTHLY'))
const late = member([held(supporter, 'PAST_DUE')], pays('MONTHLY'))
const unpaid = member([held(supporter, 'UNPAID')], pays('MONTHLY'))
const unfinished = member([held(supporter, 'INCOMPLETE')], pays('MONTHLY'))
const paused = member([held(supporter, 'PAUSED')], pays('MONTHLY'))
const closing = member([held(supporter, 'ACTIVE', { cancelAtPeriodEnd: true })], pays('MONTHLY'), 'WAIT')
const untold = member([held(supporter, 'ACTIVE')], pays('MONTHLY'), null)
const gifted = member([held(patron, 'ACTIVE', { source: 'GIFT' })])
const friend = member([held(patron, 'ACTIVE', { source: 'COMPLIMENTARY', currentPeriodEnd: null })])
const both = member([held(supporter, 'ACTIVE'), held(patron, 'ACTIVE', { source: 'GIFT' })], pays('MONTHLY'))
const goingDown = member([held(patron, 'ACTIVE')], pays('MONTHLY', turns(supporter, 'MONTHLY')))
const toMonths = member([held(patron, 'ACTIVE')], pays('YEARLY', turns(patron, 'MONTHLY')))

const day = '5 March 2026'
const [m, y] = ['MONTHLY', 'YEARLY'] as const
type Line = [who: string, PlanReader, Plan, BillingInterval, PlanStep, label: string, mark: string | null]

test.each<Line>([
  ['not known', unknown, supporter, m, 'wait', 'Choose Supporter', null],
  ['nobody', nobody, supporter, m, 'sign-in', 'Choose Supporter', null],
  ['disabled', disabled, supporter, m, 'none', '', null],
  ['no plan', free, supporter, m, 'buy', 'Choose Supporter', null],
  ['no plan', free, patron, y, 'buy', 'Choose Patron', null],
  ['lapsed', lapsed, supporter, m, 'buy', 'Choose Supporter', null],
  ['pays', subscriber, supporter, m, 'account', 'Go to your account', 'Your plan'],
  ['pays', subscriber, supporter, y, 'change', 'Pay yearly', 'Your plan'],
  ['pays', subscriber, patron, m, 'change', 'Change to Patron', null],
  ['pays, nobody knows how often', granted, supporter, y, 'account', 'Go to your account', 'Your plan'],
  ['on trial', onTrial, patron, m, 'account', 'Go to your account', 'Your plan'],
  ['on trial', onTrial, supporter, m, 'change', 'Change to Supporter', 'Included in Patron'],
  ['pays yearly', patrons, patron, y, 'account', 'Go to your account', 'Your plan'],
  ['pays yearly', patrons, patron, m, 'change', 'Pay monthly', 'Your plan'],
  ['cancelled', leaving, supporter, m, 'keep', 'Keep Supporter', `Your plan: ends on ${day}`],
  ['cancelled', leaving, supporter, y, 'keep', 'Keep Supporter', `Your plan: ends on ${day}`],
  ['cancelled', leaving, patron, m, 'change', 'Change to Patron', null],
  ['past due', late, supporter, m, 'fix-payment', 'Update payment', 'Your plan: payment failed'],
  ['past due', late, patron, m, 'none', '', null],
  ['unpaid', unpaid, supporter, y, 'fix-payment', 'Update payment', 'Your plan: payment failed'],
  ['incomplete', unfinished, supporter, m, 'fix-payment', 'Update payment', 'Your plan: payment failed'],
  ['paused', paused, supporter, m, 'account', 'Go to your account', 'Your plan: on hold'],
  ['paused', paused, patron, m, 'account', 'Go to your account', null],
  ['closing', closing, supporter, m, 'account', 'Go to your account', 'Your plan: ending now'],
  ['closing', closing, patron, m, 'account', 'Go to your account', null],
  ['pays, but the step is unknown', untold, supporter, m, 'wait', 'Choose Supporter', null],
  ['has a gift', gifted, patron, m, 'buy', 'Choose Patron', `Your gift until ${day}`],
  ['has a gift', gifted, supporter, m, 'buy', 'Choose Supporter', null],
  ['complimentary', friend, patron, m, 'buy', 'Choose Patron', 'Complimentary, with no end date'],
  ['pays, and has a gift', both, patron, m, 'change', 'Change to Patron', `Your gift until ${day}`],
  ['goes down', goingDown, patron, m, 'keep', 'Keep Patron', `Your plan until ${day}`],
  ['goes down', goingDown, supporter, m, 'keep', 'Keep Patron', `Your plan from ${day}`],
  ['goes down', goingDown, supporter, y, 'change', 'Change to Supporter', 'Included in Patron'],
  ['goes down', goingDown, patron, y, 'change', 'Pay yearly', 'Your plan'],
  ['turns to months', toMonths, patron, y, 'keep', 'Keep yearly billing', `Your plan until ${day}`],
  ['turns to months', toMonths, patron, m, 'keep', 'Keep yearly billing', `Your plan: new billing from ${day}`],
  ['turns to months', toMonths, supporter, m, 'change', 'Change to Supporter', 'Included in Patron'],
])('%s (%j) sees %j, %s: %s "%s", %s', (_who, reader, plan, interval, step, label, mark) => {
  expect(planSituation({ plan, interval, reader, plans })).toMatchObject({ step, label, mark })
})

test('only a held plan is framed', () => {
  const isHeld = (reader: PlanReader, plan: Plan) => planSituation({ plan, interval: 'MONTHLY', reader, plans }).held
  expect([isHeld(subscriber, supporter), isHeld(gifted, patron), isHeld(late, supporter)]).toEqual([true, true, true])
  expect([isHeld(subscriber, patron), isHeld(free, patron), isHeld(lapsed, supporter)]).toEqual([false, false, false])
})

const viewer = {
  trialAvailable: true,
  purchaseStep: 'BUY' as const,
  membership: null,
  memberships: [],
  billing: null,
  gifts: [],
}
const noViewer = { viewer: null, problem: null }

test.each<[Parameters<typeof planReader>[0], Parameters<typeof planReader>[1], string]>([
  ['pending', noViewer, 'unknown'],
  ['anonymous', noViewer, 'anonymous'],
  ['signed-in', noViewer, 'unknown'],
  ['signed-in', { viewer: null, problem: 'api' }, 'unknown'],
  ['signed-in', { viewer: null, problem: 'disabled' }, 'disabled'],
  ['signed-in', { viewer, problem: null }, 'member'],
  // The query is repeated and fails: the known holdings stay.
  ['signed-in', { viewer, problem: 'api' }, 'member'],
])('%s, %j: %s', (session, answer, kind) => {
  expect(planReader(session, answer).kind).toBe(kind)
})
