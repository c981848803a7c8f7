import { expect, test } from '@jest/globals'
import { testDatabase } from '../../server/test/support/database.ts'
import { makePlan, unique } from '../../server/test/support/factories.ts'
import { actOnPlans } from './act.ts'
import { parsePlanArguments } from './arguments.ts'

const db = await testDatabase()
const now = new Date()
const later = new Date(now.getTime() + 1000)

const act = (args: string[], at = now) => {
  const request = parsePlanArguments(args, at)
  if (request === null) throw new Error('help')
  return actOnPlans(db, request, at)
}
/** Returns the lines of a report about a plan. */
const about = (report: string, slug: string): string[] => {
  const lines = report.split('\n')
  const from = lines.findIndex((line) => line.startsWith(`  ${slug}  `))
  const length = lines.slice(from + 1).findIndex((line) => !line.startsWith('    '))
  return lines.slice(from, length < 0 ? undefined : from + 1 + length)
}

test('creates, changes, archives and restores a plan', async () => {
  const [slug, other] = [`plan-${unique()}`, (await makePlan(db)).slug]
  const made = await act([
    'set',
    slug,
    '--name',
    'Friend',
    '--monthly',
    '5',
    '--benefit',
    'Every piece',
    '--includes',
    other,
  ])
  expect(made.split('\n')[0]).toBe(`Created the plan ${slug}.`)
  expect(made).toMatch(/Until then nobody can buy at a new price\.$/)
  expect(about(made, slug)).toEqual([
    `  ${slug}  Friend`,
    '    5.00 EUR a month, not sold by the year',
    `    includes ${other}`,
    '    - Every piece',
  ])
  const flags = [
    '--monthly',
    'none',
    '--yearly',
    '50.50',
    '--trial-days',
    '14',
    '--benefit',
    'none',
    '--includes',
    'none',
  ]
  const changed = await act(['set', slug, ...flags], later)
  expect(about(changed, slug)).toEqual([
    `  ${slug}  Friend`,
    '    not sold by the month, 50.50 EUR a year, free for 14 days',
  ])
  // The history of inclusions remains.
  expect(await db.planInclusion.count({ where: { plan: { slug } } })).toBe(2)
  expect(about(await act(['archive', slug]), slug)[0]).toBe(`  ${slug}  Friend  (archived)`)
  expect(await act(['archive', slug])).toContain('The plan was already archived.')
  expect(about(await act(['restore', slug]), slug)[0]).toBe(`  ${slug}  Friend`)
  expect(await act(['show'])).not.toContain('billing:sync')
})

test('creates and ends a promotion', async () => {
  const code = `CODE${unique()}`.toUpperCase()
  const words = ['promote', code, '--percent', '20', '--months', '3']
  expect(await act(words)).toContain(`  ${code}  20% off, 3 months`)
  expect(await act(['retire', code])).toContain(`  ${code}  20% off, 3 months  (retired)`)
  expect(await act(words)).toContain(`Reactivated the code ${code}.`)
})

test.each([
  [['--monthly', '5'], 'There is no plan "%". A new plan requires a name.'],
  [['--name', 'X', '--includes', '%'], 'A plan cannot include itself.'],
  [
    ['--name', 'X', '--includes', 'no-such-plan'],
    'There is no plan "no-such-plan". Only existing plans can be included.',
  ],
])('refuses %j and creates nothing', async (flags, reason) => {
  const slug = `plan-${unique()}`
  const filled = (text: string) => text.replace('%', slug)
  await expect(act(['set', slug, ...flags.map(filled)])).rejects.toThrow(filled(reason))
  expect(await db.plan.count({ where: { slug } })).toBe(0)
})

test('refuses two currencies of one plan', async () => {
  const { slug } = await makePlan(db, { monthly: 500 })
  const change = act(['set', slug, '--yearly', '50', '--currency', 'USD'])
  await expect(change).rejects.toThrow('The monthly and the yearly price must have the same currency.')
  await expect(act(['archive', 'no-such-plan'])).rejects.toThrow('There is no plan "no-such-plan".')
})
