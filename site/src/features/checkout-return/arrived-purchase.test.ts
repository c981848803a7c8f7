import { expect, test } from '@jest/globals'
import { keepArrivedPurchase, type Seen } from './arrived-purchase.ts'

interface Noted {
  readonly path: string
}
const noted: Noted = { path: '/plans/' }
const seen = (change: Partial<Seen<Noted, string>> = {}): Seen<Noted, string> => ({
  noted,
  stage: 'arrived',
  gift: null,
  name: 'Supporter',
  ...change,
})

test.each(['cancelled', 'waiting', 'delayed', 'signed-out', null] as const)(
  'holds nothing before it has arrived: %s',
  (stage) => {
    expect(keepArrivedPurchase(null, seen({ stage }))).toBeNull()
  },
)

test('what has arrived stays so, whatever happens to it later', () => {
  const landed = keepArrivedPurchase(null, seen())
  expect(landed).toEqual({ noted, gift: null, name: 'Supporter' })
  // The renewal a month on fails, the plan changes, the reader signs out: other events, each.
  for (const later of [seen({ stage: 'waiting' }), seen({ stage: 'delayed', name: null }), seen({ name: 'Patron' })])
    expect(keepArrivedPurchase(landed, later)).toBe(landed)
  expect(keepArrivedPurchase(landed, seen({ stage: 'signed-out', name: null }))).toBe(landed)
})

test('a code that was redeemed since is still the one that was bought', () => {
  const landed = keepArrivedPurchase(null, seen({ gift: 'GIFT-1' }))
  expect(keepArrivedPurchase(landed, seen({ gift: null, stage: 'waiting' }))).toBe(landed)
  expect(landed?.gift).toBe('GIFT-1')
})

test('the next return from checkout is another event', () => {
  const landed = keepArrivedPurchase(null, seen())
  const next: Noted = { path: '/plans/' }
  expect(keepArrivedPurchase(landed, seen({ noted: next, stage: 'waiting' }))).toBeNull()
  expect(keepArrivedPurchase(landed, seen({ noted: next, name: 'Patron' }))).toEqual({
    noted: next,
    gift: null,
    name: 'Patron',
  })
})

test('goes with its notice', () => {
  expect(keepArrivedPurchase(keepArrivedPurchase(null, seen()), seen({ noted: null }))).toBeNull()
})
