import { createHmac } from 'node:crypto'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import Stripe from 'stripe'
import { parseSignatureHeader } from './signature-header.ts'
import { ForgedDelivery, verifyDelivery } from './verify-delivery.ts'

const secret = 'whsec_of_now'
const body = Buffer.from('{"id":"evt_1"}')
const t = 1_790_000_000
const now = new Date(t * 1000)
const signed = (at: number | string, key = secret, bytes = body): string =>
  createHmac('sha256', key).update(`${at}.`).update(bytes).digest('hex')
const good = signed(t)
const verdict = (header: string | string[] | undefined, bytes = body): string => {
  try {
    verifyDelivery(bytes, header, ['whsec_of_before', secret], now)
    return 'accepted'
  } catch (error) {
    if (!(error instanceof ForgedDelivery)) throw error
    return error.message
  }
}

test.each<[string, string | string[] | undefined, string]>([
  ['one signature', `t=${t},v1=${good}`, 'accepted'],
  ['several, one of which matches', `t=${t},v1=${'0'.repeat(64)},v1=${good}`, 'accepted'],
  ['a signature of the scheme v0 as well', `t=${t},v1=${good},v0=abc`, 'accepted'],
  ['white space between elements', `t=${t}, v1=${good}`, 'accepted'],
  ['the older secret', `t=${t},v1=${signed(t, 'whsec_of_before')}`, 'accepted'],
  ['an unknown secret', `t=${t},v1=${signed(t, 'whsec_other')}`, 'no signature matches'],
  ['no header', undefined, 'no signature header, or more than one'],
  ['two headers', [`t=${t},v1=${good}`, `t=${t},v1=${good}`], 'no signature header, or more than one'],
  [
    'a later time after the one that is checked',
    `t=${t},t=${t + 3600},v1=${signed(t + 3600)}`,
    'malformed signature header',
  ],
  ['an earlier time after it', `t=${t},t=${t - 3600},v1=${signed(t - 3600)}`, 'malformed signature header'],
  ['the same time twice', `t=${t},t=${t},v1=${good}`, 'malformed signature header'],
  ['two times before the signature', `v1=${good},t=${t},t=${t}`, 'malformed signature header'],
  ['a time with trailing letters', `t=${t}abc,v1=${signed(`${t}abc`)}`, 'malformed signature header'],
  ['a time with an exponent', `t=1.79e9,v1=${signed('1.79e9')}`, 'malformed signature header'],
  ['a negative time', `t=-${t},v1=${good}`, 'malformed signature header'],
  ['no time', `v1=${good}`, 'malformed signature header'],
  ['an empty signature', `t=${t},v1=`, 'malformed signature header'],
  ['half a signature', `t=${t},v1=${good.slice(0, 32)}`, 'malformed signature header'],
  ['an element without a value', `t=${t},v1=${good},x`, 'malformed signature header'],
  ['names of a prototype', `t=${t},__proto__=1,constructor=1`, 'malformed signature header'],
  ['many elements', `t=${t}${`,v1=${good}`.repeat(100)}`, 'malformed signature header'],
])('%s: %#', (_title, header, expected) => {
  expect(verdict(header)).toBe(expected)
})

test.each([
  [300, 'accepted'],
  [301, 'signed too long ago'],
  [-300, 'accepted'],
  [-301, 'signed in the future'],
])('signed %i s ago: %s', (age, expected) => {
  expect(verdict(`t=${t - age},v1=${signed(t - age)}`)).toBe(expected)
})

test('verifies the bytes, not the decoded text', () => {
  const broken = Buffer.from([0x7b, 0xff, 0x7d])
  const decoded = Buffer.from(broken.toString('utf8'))
  expect(verdict(`t=${t},v1=${signed(t, secret, broken)}`, broken)).toBe('accepted')
  expect(verdict(`t=${t},v1=${signed(t, secret, decoded)}`, broken)).toBe('no signature matches')
})

test('accepts a signature of the provider’s library', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (payload) => {
      const header = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: t })
      expect(verdict(header, Buffer.from(payload))).toBe('accepted')
    }),
  )
})

test('an accepted header has one time, which is the signed one', () => {
  const piece = fc.oneof(
    fc.constantFrom(`t=${t}`, `t=${t + 3600}`, `v1=${good}`, `v1=${signed(t + 3600)}`, 'v0=x', ' ', 't=', '='),
    fc.string({ maxLength: 8 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const header = pieces.join(',')
      const accepted = verdict(header) === 'accepted'
      if (accepted) expect([parseSignatureHeader(header)?.signedAt, header.match(/t=/g)]).toEqual([t, ['t=']])
    }),
    { numRuns: 2_000 },
  )
})
