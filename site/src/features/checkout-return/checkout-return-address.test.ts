import { expect, test } from '@jest/globals'
import { afterGift, readCheckoutReturn, type CheckoutReturn } from './checkout-return-address.ts'

const plan = (outcome: CheckoutReturn['outcome']) => ({ outcome, purchase: 'plan' }) as const
const gift = (outcome: CheckoutReturn['outcome']) => ({ outcome, purchase: 'gift' }) as const

test.each<[string, CheckoutReturn | null, string]>([
  ['', null, ''],
  ['?', null, '?'],
  ['?from=/articles/circles/', null, '?from=/articles/circles/'],
  ['?checkout=done', plan('done'), ''],
  ['?checkout=back', plan('back'), ''],
  ['?plan=patron&checkout=back', plan('back'), '?plan=patron'],
  ['?from=/articles/circles/&checkout=done&a=b%20c', plan('done'), '?from=/articles/circles/&a=b%20c'],
  ['?bought=gift&checkout=done', gift('done'), ''],
  ['?bought=gift&checkout=back', gift('back'), ''],
  ['?checkout=done&bought=moon', plan('done'), ''],
  ['?checkout=moon', null, '?checkout=moon'],
  ['?bought=gift', null, '?bought=gift'],
  ['?nocheckout=done', null, '?nocheckout=done'],
])('%s', (search, checkoutReturn, rest) => {
  expect(readCheckoutReturn(search)).toEqual({ checkoutReturn, search: rest })
})

test('a gift’s way back says what was bought', () => {
  const { search } = new URL(`${afterGift}&checkout=done`, 'https://gatepost.example')
  expect(readCheckoutReturn(search).checkoutReturn).toEqual(gift('done'))
})
