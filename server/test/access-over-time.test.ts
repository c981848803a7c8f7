import { beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decideAccess } from '../src/membership/entitlement.ts'
import { membershipsOf } from '../src/membership/index.ts'
import { onRealPostgres } from './support/database.ts'
import { covers, type Stretch } from './support/entitled.ts'
import { makeArticle, type MadePlan } from './support/factories.ts'
import { readers } from './support/holdings.ts'
import { startSale } from './support/sale.ts'
import { beginStory, type Step, type Story } from './support/story.ts'

// Whatever cards are used and however time passes: who has paid for it, tries it, is in their grace or was given it reads it, and
// nobody else. What is right says the provider's own books (support/entitled.ts), at the instants around each end.
//
//   ACCESS_RUNS=300 ACCESS_SEED=7 npm run jest -- server/test/access-over-time.test.ts --selectProjects node

/** The local database takes three times as long. */
const runs = Number(process.env.ACCESS_RUNS ?? (onRealPostgres ? 8 : 4))
const seed = Number(process.env.ACCESS_SEED ?? 20)

const day = 86_400_000
const grace = 7 * day
const sale = await startSale()
const { db } = sale

let plans: MadePlan[]
let opens: { plan: MadePlan; openedBy: Set<string>; article: string }[]
beforeAll(async () => {
  const [supporter] = (await sale.sell({ monthly: 500, yearly: 5000 })) as [MadePlan]
  const others = await sale.sell(
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
  // A month without a 31st comes next, whatever today is: the same seed is the same story.
  await sale.pass(Date.parse('2027-12-31T10:00:00Z') - sale.clock.business().getTime())
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
const story = fc
  .tuple(buying, fc.array(step, { minLength: 5, maxLength: 9, size: 'max' }))
  .map(([first, rest]): Step[] => [first, ...rest])

/** What the dice throw too seldom, each of them a way in which the periods of one subscription overlap or part. */
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

/** Where what we say of an instant, now or to come, is not what is right. */
async function disagreements({ buyer, entitledTo }: Story): Promise<string[]> {
  const right = await entitledTo()
  const rows = await membershipsOf(db, buyer.id)
  const now = sale.clock.business().getTime()
  const ours = rows.flatMap((row) => [row.startedAt, row.currentPeriodEnd, row.graceEndsAt, row.endedAt])
  const edges = [
    ...right.flatMap(({ from, until }) => [from, until]),
    ...ours.flatMap((date) => (date === null ? [] : [date.getTime()])),
  ].filter(Number.isFinite)
  const around = edges.flatMap((edge) => [edge - 1000, edge - 1, edge, edge + 1000]).filter((at) => at > now)
  const found: string[] = []
  for (const { plan: asked, openedBy } of opens) {
    const requirement = { visibility: 'PLANS' as const, openedBy, requiredPlans: [] }
    for (const at of new Set([now, ...around])) {
      const { granted, reason } = decideAccess(requirement, readers.member, rows, new Date(at))
      const due = right.filter((stretch) => openedBy.has(stretch.planId) && covers(stretch, at))
      if (granted !== due.length > 0) {
        found.push(
          `${plans.indexOf(asked)} at ${iso(at)}: ${reason}, and right is ${due.map(({ why }) => why).join() || 'nothing'}`,
        )
      }
    }
  }
  // What a request is told must not hang on the second in which it happens to be made.
  if (edges.some((edge) => Math.abs(edge - now) < 10_000)) return found
  const fields = opens.map(
    ({ article }, index) => `a${index}: article(slug: "${article}") { access { granted reason } }`,
  )
  const { data, errors } = await buyer.ask(`{ ${fields.join('\n')} }`)
  if (errors) return [...found, JSON.stringify(errors)]
  opens.forEach(({ openedBy }, index) => {
    const { granted, reason } = data[`a${index}`].access as { granted: boolean; reason: string }
    const due = right.some((stretch) => openedBy.has(stretch.planId) && covers(stretch, now))
    if (granted !== due) found.push(`${index} asked at ${iso(now)}: ${reason}, and right is ${String(due)}`)
  })
  return found
}

/** What is withheld although it was paid for and we only have not heard of it yet. */
async function withheld({ buyer, entitledTo }: Story, before: readonly Stretch[]): Promise<string[]> {
  const rows = await membershipsOf(db, buyer.id)
  const now = sale.clock.business().getTime()
  const plansBefore = new Set(before.map(({ planId }) => planId))
  const paid = (await entitledTo()).filter((stretch) => stretch.why === 'paid' && covers(stretch, now))
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
  'access is what was paid, tried, in grace or given, and nothing else',
  async () => {
    const seen = new Map<string, number>()
    const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1)
    await fc.assert(
      fc.asyncProperty(story, async (steps) => {
        const life = await beginStory(sale, plans, grace)
        const told: string[] = []
        try {
          for (const one of steps) {
            const found: string[] = []
            await life.live(one, async (before) => void found.push(...(await withheld(life, before))))
            found.push(...(await disagreements(life)))
            told.push(`${JSON.stringify(one)} → ${iso(sale.clock.business().getTime())}`)
            if (found.length > 0) throw new Error(`${told.join('\n')}\n${found.join('\n')}`)
            const now = sale.clock.business().getTime()
            for (const stretch of await life.entitledTo()) if (covers(stretch, now)) count(stretch.why)
          }
        } finally {
          await life.end()
        }
      }),
      { numRuns: always.length + runs, seed, examples: always, endOnFailure: true },
    )
    if (process.env.ACCESS_RUNS !== undefined) process.stdout.write(`${JSON.stringify(Object.fromEntries(seen))}\n`)
    // The stories came by all that there is.
    for (const why of ['paid', 'trial', 'grace', 'gift', 'complimentary']) expect(seen.get(why)).toBeGreaterThan(0)
  },
  30_000 + runs * 30_000,
)
