import { beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decideAccess } from '../src/membership/entitlement.ts'
import { membershipsOf } from '../src/membership/index.ts'
import { onRealPostgres } from './support/database.ts'
import { covers, type AccessPeriod } from './support/expected-access.ts'
import { makeArticle, type MadePlan } from './support/factories.ts'
import { readers } from './support/holdings.ts'
import { startBillingApp } from './support/billing-app.ts'
import { startSimulation, type Step, type MemberSimulation } from './support/member-simulation.ts'

// Random histories of a member: the member has access exactly while a period is paid, on trial, in its grace period or given. The
// expected access is computed from the provider's records (support/expected-access.ts) and compared around each end.
//
//   ACCESS_RUNS=300 ACCESS_SEED=7 npm run jest -- server/test/access-over-time.test.ts --selectProjects node

/** Fewer on the local database, which takes three times as long. */
const runs = Number(process.env.ACCESS_RUNS ?? (onRealPostgres ? 8 : 4))
const seed = Number(process.env.ACCESS_SEED ?? 20)

const day = 86_400_000
const grace = 7 * day
const billingApp = await startBillingApp()
const { db } = billingApp

let plans: MadePlan[]
let opens: { plan: MadePlan; openedBy: Set<string>; article: string }[]
beforeAll(async () => {
  const [supporter] = (await billingApp.sell({ monthly: 500, yearly: 5000 })) as [MadePlan]
  const others = await billingApp.sell(
    { monthly: 1200, yearly: 12_000, includes: [supporter.id] },
    { monthly: 700, yearly: 7000, trialDays: 14 },
  )
  const [patron, tried] = others as [MadePlan, MadePlan]
  plans = [supporter, patron, tried]
  const openedBy = [[supporter, patron], [patron], [tried]]
  opens = await Promise.all(
    openedBy.map(async (by, index) => {
      const plan = plans[index] as MadePlan
      const { slug: article } = await makeArticle(db, { visibility: 'PLANS', planIds: [plan.id] })
      return { plan, article, openedBy: new Set(by.map(({ id }) => id)) }
    }),
  )
  // A fixed start, so that a seed always gives the same history. The next month has no 31st.
  await billingApp.pass(Date.parse('2027-12-31T10:00:00Z') - billingApp.clock.business().getTime())
})

const pays = '4242424242424242'
const cards = fc.constantFrom(
  pays,
  pays,
  '4000000000000341',
  '4000000000000341',
  '4000002500003155',
  '4000000000000002',
)
const plan = fc.nat({ max: 2 })
const interval = fc.constantFrom('MONTHLY' as const, 'MONTHLY' as const, 'YEARLY' as const)
const which = fc.nat({ max: 1 })
const is = <Do extends Step['do']>(what: Do) => fc.constant(what)

const buying = fc.record({ do: is('subscribe'), plan, interval, card: cards })
const passing = fc.oneof(
  fc.record({ do: is('pass'), hours: fc.integer({ min: 1, max: 40 * 24 }), late: fc.constant(false) }),
  fc.record({ do: is('pass'), hours: fc.integer({ min: 1, max: 6 * 24 }), late: fc.boolean() }),
  fc.record({
    do: is('reach'),
    of: fc.constantFrom('end' as const, 'period' as const),
    minutes: fc.constantFrom(-1, 1, 3 * 1440),
  }),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: passing },
  { weight: 2, arbitrary: buying },
  { weight: 2, arbitrary: fc.record({ do: is('card'), card: cards }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('leave' as const, 'stay' as const, 'cancelNow' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: is('refund'), which, part: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: is('dispute'), which, outcome: fc.constantFrom('won' as const, 'lost' as const) }),
  },
  { weight: 3, arbitrary: fc.record({ do: is('change'), plan, interval }) },
  { weight: 1, arbitrary: fc.record({ do: is('gift'), plan, interval }) },
  { weight: 1, arbitrary: fc.record({ do: is('grant'), plan, days: fc.option(fc.integer({ min: 1, max: 60 })) }) },
  { weight: 1, arbitrary: fc.record({ do: is('revoke'), plan }) },
)
const randomSteps = fc
  .tuple(buying, fc.array(step, { minLength: 5, maxLength: 9, size: 'max' }))
  .map(([first, rest]): Step[] => [first, ...rest])

/** Histories that are rarely generated: the periods of a subscription overlap or have gaps. */
const bought = { do: 'subscribe', plan: 0, interval: 'MONTHLY', card: pays } as const
const later = (hours: number) => ({ do: 'pass', hours, late: false }) as const
const always: [Step[]][] = [
  [
    [
      bought,
      later(120),
      { do: 'change', plan: 1, interval: 'YEARLY' },
      { do: 'refund', which: 1, part: false },
      later(800),
    ],
  ],
  [
    [
      bought,
      later(120),
      { do: 'change', plan: 1, interval: 'MONTHLY' },
      { do: 'refund', which: 0, part: false },
      later(800),
    ],
  ],
  [
    [
      { ...bought, card: '4000000000000341' },
      later(780),
      { do: 'card', card: pays },
      { do: 'refund', which: 1, part: false },
    ],
  ],
  [
    [
      { do: 'grant', plan: 0, days: null },
      { do: 'grant', plan: 2, days: 30 },
      { do: 'gift', plan: 2, interval: 'MONTHLY' },
      { do: 'gift', plan: 2, interval: 'MONTHLY' },
      { do: 'revoke', plan: 0 },
      later(900),
      { do: 'revoke', plan: 2 },
    ],
  ],
]

const iso = (instant: number): string => new Date(instant).toISOString()

/** Returns the differences between actual and expected access, now and at later instants. */
async function disagreements({ buyer, expectedAccess }: MemberSimulation): Promise<string[]> {
  const right = await expectedAccess()
  const rows = await membershipsOf(db, buyer.id)
  const now = billingApp.clock.business().getTime()
  const ours = rows.flatMap((row) => [row.startedAt, row.currentPeriodEnd, row.graceEndsAt, row.endedAt])
  const edges = [
    ...right.flatMap(({ from, until }) => [from, until]),
    ...ours.flatMap((date) => (date === null ? [] : [date.getTime()])),
  ].filter(Number.isFinite)
  const around = edges.flatMap((edge) => [edge - 1000, edge - 1, edge, edge + 1000]).filter((at) => at > now)
  const found: string[] = []
  for (const { plan: requiredPlan, openedBy } of opens) {
    const requirement = { visibility: 'PLANS' as const, openedBy, requiredPlans: [] }
    for (const at of new Set([now, ...around])) {
      const { granted, reason } = decideAccess(requirement, readers.member, rows, new Date(at))
      const due = right.filter((period) => openedBy.has(period.planId) && covers(period, at))
      if (granted !== due.length > 0) {
        found.push(
          `${plans.indexOf(requiredPlan)} at ${iso(at)}: ${reason}, and right is ${due.map(({ why }) => why).join() || 'nothing'}`,
        )
      }
    }
  }
  // Near an end the result would depend on the second of the request.
  if (edges.some((edge) => Math.abs(edge - now) < 10_000)) return found
  const fields = opens.map(
    ({ article }, index) => `a${index}: article(slug: "${article}") { access { granted reason } }`,
  )
  const { data, errors } = await buyer.ask(`{ ${fields.join('\n')} }`)
  if (errors) return [...found, JSON.stringify(errors)]
  opens.forEach(({ openedBy }, index) => {
    const { granted, reason } = data[`a${index}`].access as { granted: boolean; reason: string }
    const due = right.some((period) => openedBy.has(period.planId) && covers(period, now))
    if (granted !== due) found.push(`${index} at ${iso(now)}: ${reason}, and right is ${String(due)}`)
  })
  return found
}

/** Returns access that is denied only because the event of a payment has not arrived. */
async function withheld(
  { buyer, expectedAccess }: MemberSimulation,
  before: readonly AccessPeriod[],
): Promise<string[]> {
  const rows = await membershipsOf(db, buyer.id)
  const now = billingApp.clock.business().getTime()
  const plansBefore = new Set(before.map(({ planId }) => planId))
  const paid = (await expectedAccess()).filter((period) => period.why === 'paid' && covers(period, now))
  return opens.flatMap(({ openedBy }) => {
    const isDue = paid.some(({ planId }) => openedBy.has(planId) && plansBefore.has(planId))
    const { granted, reason } = decideAccess(
      { visibility: 'PLANS', openedBy, requiredPlans: [] },
      readers.member,
      rows,
      new Date(now),
    )
    return isDue && !granted ? [`withheld at ${iso(now)} while the news are late: ${reason}`] : []
  })
}

test(
  'access equals the paid, trial, grace and given periods',
  async () => {
    const seen = new Map<string, number>()
    const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1)
    await fc.assert(
      fc.asyncProperty(randomSteps, async (steps) => {
        const simulation = await startSimulation(billingApp, plans, grace)
        const performed: string[] = []
        try {
          for (const one of steps) {
            const found: string[] = []
            await simulation.perform(one, async (before) => void found.push(...(await withheld(simulation, before))))
            found.push(...(await disagreements(simulation)))
            performed.push(`${JSON.stringify(one)} → ${iso(billingApp.clock.business().getTime())}`)
            if (found.length > 0) throw new Error(`${performed.join('\n')}\n${found.join('\n')}`)
            const now = billingApp.clock.business().getTime()
            for (const period of await simulation.expectedAccess()) if (covers(period, now)) count(period.why)
          }
        } finally {
          await simulation.end()
        }
      }),
      { numRuns: always.length + runs, seed, examples: always, endOnFailure: true },
    )
    if (process.env.ACCESS_RUNS !== undefined) process.stdout.write(`${JSON.stringify(Object.fromEntries(seen))}\n`)
    // All reasons for access occurred.
    for (const why of ['paid', 'trial', 'grace', 'gift', 'complimentary']) expect(seen.get(why)).toBeGreaterThan(0)
  },
  30_000 + runs * 30_000,
)
