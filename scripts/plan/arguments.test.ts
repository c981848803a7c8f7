import { expect, test } from '@jest/globals'
import { parsePlanArguments, type PlanRequest } from './arguments.ts'

const now = new Date('2026-11-21T12:00:00Z')
const parse = (...args: string[]) => parsePlanArguments(args, now)

const set = (...flags: string[]) => ['set', 'supporter', ...flags]
const promotion = {
  code: 'SPRING',
  percentOff: 20,
  amountOffMinor: null,
  currency: null,
  duration: 'ONCE',
  months: null,
  expiresAt: null,
} as const

test.each<[string[], PlanRequest]>([
  [['show'], { action: 'show' }],
  [['archive', 'supporter'], { action: 'archive', slug: 'supporter' }],
  [['restore', 'a-1'], { action: 'restore', slug: 'a-1' }],
  [['retire', 'spring'], { action: 'retire', code: 'SPRING' }],
  [set(), { action: 'set', changes: { slug: 'supporter' } }],
  [
    set('--name', ' Friend ', '--description', '', '--trial-days', '14'),
    { action: 'set', changes: { slug: 'supporter', name: 'Friend', description: '', trialDays: 14 } },
  ],
  [
    set('--benefit', 'One', '--benefit', 'Two', '--includes', 'audio', '--includes', 'tiny'),
    { action: 'set', changes: { slug: 'supporter', benefits: ['One', 'Two'], includes: ['audio', 'tiny'] } },
  ],
  [
    set('--benefit', 'none', '--includes', 'none'),
    { action: 'set', changes: { slug: 'supporter', benefits: [], includes: [] } },
  ],
  [
    set('--monthly', '5', '--yearly', 'none'),
    { action: 'set', changes: { slug: 'supporter', monthly: { amountMinor: 500, currency: 'EUR' }, yearly: null } },
  ],
  [
    set('--monthly', '0.5', '--yearly', '50.05', '--currency', 'usd'),
    {
      action: 'set',
      changes: {
        slug: 'supporter',
        monthly: { amountMinor: 50, currency: 'USD' },
        yearly: { amountMinor: 5005, currency: 'USD' },
      },
    },
  ],
  [
    set('--monthly', '500', '--currency', 'JPY'),
    { action: 'set', changes: { slug: 'supporter', monthly: { amountMinor: 500, currency: 'JPY' } } },
  ],
  [['promote', 'spring', '--percent', '20'], { action: 'promote', promotion }],
  [
    ['promote', 'SPRING', '--percent', '20', '--months', '3', '--until', '2027-01-01'],
    {
      action: 'promote',
      promotion: { ...promotion, duration: 'REPEATING', months: 3, expiresAt: new Date('2027-01-01T00:00:00Z') },
    },
  ],
  [
    ['promote', 'SPRING', '--amount', '3.00', '--forever'],
    {
      action: 'promote',
      promotion: { ...promotion, percentOff: null, amountOffMinor: 300, currency: 'EUR', duration: 'FOREVER' },
    },
  ],
])('reads %j', (args, request) => {
  expect(parse(...args)).toEqual(request)
})

const promote = (...flags: string[]) => ['promote', 'SPRING', ...flags]
test.each([
  [[], 'The command is missing. Use one of show, set, archive, restore, promote, retire.'],
  [['sell'], '"sell" is not a command. Use one of show,'],
  [['show', 'supporter'], '"supporter" is not an option.'],
  [['archive'], 'The plan is missing, such as: npm run plan -- archive supporter'],
  [['archive', 'a', 'b'], '"b" is not an option.'],
  [['archive', 'a', '--name', 'x'], '--name is not an option of archive.'],
  [['set', 'Supporter'], '"Supporter" is not a plan slug'],
  [['set', 'a--b'], 'is not a plan slug'],
  [['set', 'a'.repeat(201)], 'is not a plan slug'],
  [set('--percent', '20'), '--percent is not an option of set.'],
  [set('--price', '5'), "Unknown option '--price'."],
  [set('--name', ' '), '--name is not 1 to 200 characters long.'],
  [set('--benefit', 'x', '--benefit', ''), '--benefit is not 1 to 200 characters long.'],
  [set('--monthly', '5,00'), '--monthly is not an amount in EUR such as 5.00.'],
  [set('--monthly', '5.001'), '--monthly is not an amount'],
  [set('--monthly', '-5'), "Option '--monthly' argument is ambiguous"],
  [set('--monthly=-5'), '--monthly is not an amount'],
  [set('--monthly', '1e3'), '--monthly is not an amount'],
  [set('--monthly', ''), '--monthly is not an amount'],
  [set('--monthly', '99999999'), '--monthly is not an amount'],
  [set('--monthly', '5.50', '--currency', 'JPY'), '--monthly is not an amount in JPY such as 5.'],
  [set('--monthly', '5', '--currency', 'EURO'), '--currency is not an ISO 4217 code'],
  [set('--currency', 'EUR'), 'Give a price too'],
  [set('--trial-days', '731'), '--trial-days is not a whole number from 0 to 730.'],
  [set('--trial-days', '1.5'), '--trial-days is not a whole number'],
  [['promote', 'SP'], '"SP" is not a code: use 3 to 40 letters and digits.'],
  [['promote', 'SPR-ING'], 'is not a code'],
  [promote(), 'Give either --percent, such as 20, or --amount, such as 3.00.'],
  [promote('--percent', '20', '--amount', '3'), 'Give either --percent'],
  [promote('--percent', '0'), '--percent is not a whole number from 1 to 100.'],
  [promote('--percent', '101'), '--percent is not a whole number'],
  [promote('--amount', '0'), '--amount is not an amount'],
  [promote('--percent', '20', '--currency', 'EUR'), '--currency applies to --amount. Give an amount too.'],
  [promote('--percent', '20', '--months', '3', '--forever'), '--months and --forever cannot be combined.'],
  [promote('--percent', '20', '--months', '0'), '--months is not a whole number from 1 to 120.'],
  [promote('--percent', '20', '--until', '2026-11-21'), '--until 2026-11-21 is in the past.'],
  [promote('--percent', '20', '--until', '2027-02-29'), '--until 2027-02-29 is not a date'],
  [promote('--percent', '20', '--until', 'soon'), 'is not a date'],
])('refuses %j', (args, reason) => {
  expect(() => parse(...args)).toThrow(reason)
})

test.each([['--help'], ['-h'], ['set', '--help']])('takes %j for help', (...args) => {
  expect(parse(...args)).toBeNull()
})
