import { expect, test } from '@jest/globals'
import { parseMemberArguments } from './arguments.ts'

const now = new Date('2026-11-21T12:00:00Z')
const issuer = 'https://example.eu.auth0.com/'
const parse = (...args: string[]) => parseMemberArguments(args, issuer, now)

test('reads a grant', () => {
  expect(parse('grant', '--sub', 'auth0|x', '--plan', 'patron', '--until', '2027-01-01')).toEqual({
    action: 'grant',
    subject: 'auth0|x',
    issuer,
    plan: 'patron',
    until: new Date('2027-01-01T00:00:00Z'),
    cause: 'npm run member -- grant',
  })
})

test('reads the issuer and the reason', () => {
  const other = 'http://localhost:4001/'
  expect(parse('disable', '--sub', 'auth0|x', '--issuer', other, '--because', ' shares it ')).toMatchObject({
    issuer: other,
    cause: 'shares it',
  })
})

test.each([
  ['2026-11-21T12:00:00.001Z', '2026-11-21T12:00:00.001Z'],
  ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ['2027-01-01T00:30:00+02:00', '2026-12-31T22:30:00.000Z'],
])('reads the end %s', (text, until) => {
  expect(parse('grant', '--sub', 'x', '--plan', 'p', '--until', text)?.until?.toISOString()).toBe(until)
})

const grant = ['grant', '--sub', 'x', '--plan', 'p']
test.each([
  [[], 'The command is missing. Use one of grant, revoke, disable, enable, show.'],
  [['give'], '"give" is not a command. Use one of grant,'],
  [['grant', '--plan', 'p'], '--sub is missing'],
  [['grant', '--sub', 'x'], '--plan is missing'],
  [['show', '--sub', 'x', '--plan', 'p'], '--plan is not an option of show.'],
  [['revoke', '--sub', 'x', '--until', '2027-01-01'], '--until is not an option of revoke.'],
  [['show', '--sub', 'x', 'y'], '"y" is not an option.'],
  [['show', '--sub'], "Option '--sub <value>' argument missing."],
  [['show', '--subject', 'x'], "Unknown option '--subject'."],
  [['show', '--sub', ''], '--sub is not 1 to 255 characters long.'],
  [['show', '--sub', 's'.repeat(256)], '--sub is not 1 to 255 characters long.'],
  [['show', '--sub', 'a\0b'], '--sub contains a control character'],
  [['show', '--sub', '\ud800'], '--sub contains a control character'],
  [['show', '--sub', 'anon@1'], '--sub is an anonymous session'],
  [['show', '--sub', 'x', '--issuer', 'example'], '--issuer is not an address'],
  [[...grant, '--until', '2026-11-21'], '--until 2026-11-21 is in the past'],
  [[...grant, '--until', '2026-11-21T12:00:00Z'], 'is in the past'],
  [[...grant, '--until', '2027-02-29'], '--until 2027-02-29 is not a date'],
  [[...grant, '--until', '2027-13-01'], 'is not a date'],
  [[...grant, '--until', '2027-01-01T12:00'], 'is not a date'],
  [[...grant, '--until', 'tomorrow'], 'is not a date'],
  [[...grant, '--until', ''], 'is not a date'],
])('refuses %j', (args, reason) => {
  expect(() => parse(...args)).toThrow(reason)
})

test.each([['--help'], ['-h'], ['grant', '--help']])('takes %j for help', (...args) => {
  expect(parse(...args)).toBeNull()
})
