import { expect, test } from '@jest/globals'
import { billingArguments } from './arguments.ts'

const replay = { fix: false, needsSince: true }
const reconcile = { fix: true, needsSince: false }
const day = 86_400_000

test('reads the start and whether to fix differences', () => {
  const since = new Date('2026-11-01T00:00:00Z')
  expect(billingArguments(['--since', '2026-11-01'], replay)).toEqual({ since, fix: false, manyGone: false })
  const words = ['--fix', '--many-gone', '--since', '2026-11-01T00:00:00Z']
  expect(billingArguments(words, reconcile)).toEqual({ since, fix: true, manyGone: true })
})

test('starts thirty days ago by default', () => {
  const request = billingArguments([], reconcile)
  expect(Math.round((Date.now() - (request?.since.getTime() ?? 0)) / day)).toBe(30)
  expect(request?.fix).toBe(false)
})

test.each([['--help'], ['-h']])('%s prints the help', (word) => {
  expect(billingArguments([word], replay)).toBeNull()
})

test.each([
  [[], replay, '--since is missing, such as --since 2026-11-01.'],
  [['--since', '2026-02-30'], replay, '--since must be a day such as 2026-11-01'],
  [['--since', 'yesterday'], reconcile, '--since must be a day such as 2026-11-01'],
  [['--since', '2026-11-01', '--fix'], replay, '--fix is not an option of this command.'],
  [['--since', '2026-11-01', '--many-gone'], replay, '--many-gone is not an option of this command.'],
  [['--mend'], reconcile, "Unknown option '--mend'"],
  [['2026-11-01'], replay, "Unexpected argument '2026-11-01'"],
])('refuses %j', (words, command, reason) => {
  expect(() => billingArguments(words, command)).toThrow(reason)
})
