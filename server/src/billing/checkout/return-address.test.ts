import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { CodedError } from '../../lib/errors.ts'
import { returnAddress, returningWith } from './return-address.ts'

/** The shared test table of this rule and the site's. */
const table = JSON.parse(
  readFileSync(new URL('../../../../docs/contract/return-addresses.json', import.meta.url), 'utf8'),
) as { origin: string; accepted: { text: string; address: string }[]; refused: string[] }
const site = table.origin

test.each(table.accepted)('accepts $text', ({ text, address }) => {
  expect(returnAddress(text, site)).toBe(`${site}${address}`)
})

test.each(table.refused)('refuses %j', (text) => {
  const attempt = () => returnAddress(text, site)
  expect(attempt).toThrow(CodedError)
  expect(attempt).toThrow('returnTo must be a path of the site, such as /account/, with at most 500 characters.')
})

test('removes the outcome of an earlier return', () => {
  expect(returnAddress('/plans/?checkout=back&a=b', site)).toBe(`${site}/plans/?a=b`)
})

test('puts the outcome into the query, before the fragment', () => {
  expect(returningWith('done', `${site}/a/?b=c#rest`)).toBe(`${site}/a/?b=c&checkout=done#rest`)
  expect(returningWith('back', returnAddress('/a/?checkout=done', site))).toBe(`${site}/a/?checkout=back`)
})
