import { expect, test } from '@jest/globals'
import { keepArrivedPurchase, type CurrentPurchase } from './arrived-purchase.ts'

interface Return {
  readonly path: string
}
const checkoutReturn: Return = { path: '/plans/' }
const seen = (change: Partial<CurrentPurchase<Return, string>> = {}): CurrentPurchase<Return, string> => ({
  checkoutReturn,
  stage: 'arrived',
  gift: null,
  name: 'Supporter',
  ...change,
})

test.each(['cancelled', 'waiting', 'delayed', 'signed-out', null] as const)(
  'keeps nothing before the purchase has arrived: %s',
  (stage) => {
    expect(keepArrivedPurchase(null, seen({ stage }))).toBeNull()
  },
)

test('an arrived purchase stays arrived after later changes', () => {
  const landed = keepArrivedPurchase(null, seen())
  expect(landed).toEqual({ checkoutReturn, gift: null, name: 'Supporter' })
  // A failed renewal, a change of plan and a sign-out are other events.
  for (const later of [seen({ stage: 'waiting' }), seen({ stage: 'delayed', name: null }), seen({ name: 'Patron' })])
    expect(keepArrivedPurchase(landed, later)).toBe(landed)
  expect(keepArrivedPurchase(landed, seen({ stage: 'signed-out', name: null }))).toBe(landed)
})

test('a gift that was redeemed since still shows its code', () => {
  const landed = keepArrivedPurchase(null, seen({ gift: 'GIFT-1' }))
  expect(keepArrivedPurchase(landed, seen({ gift: null, stage: 'waiting' }))).toBe(landed)
  expect(landed?.gift).toBe('GIFT-1')
})

test('the next return from checkout is another event', () => {
  const landed = keepArrivedPurchase(null, seen())
  const next: Return = { path: '/plans/' }
  expect(keepArrivedPurchase(landed, seen({ checkoutReturn: next, stage: 'waiting' }))).toBeNull()
  expect(keepArrivedPurchase(landed, seen({ checkoutReturn: next, name: 'Patron' }))).toEqual({
    checkoutReturn: next,
    gift: null,
    name: 'Patron',
  })
})

test('goes with its notice', () => {
  expect(keepArrivedPurchase(keepArrivedPurchase(null, seen()), seen({ checkoutReturn: null }))).toBeNull()
})
