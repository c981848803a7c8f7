import { expect, test } from '@jest/globals'
import type { InvoiceStatus } from '../../../api/operations.ts'
import { cardLine, giftLine, invoiceWord, nextPaymentLine } from './billing-words.ts'

test.each([
  ['visa', 8, 'Visa ending in 4242, expires 08/2027'],
  ['mastercard', 12, 'Mastercard ending in 4242, expires 12/2027'],
  ['moonpay', 1, 'Card ending in 4242, expires 01/2027'],
  ['constructor', 1, 'Card ending in 4242, expires 01/2027'],
])('a card by %s', (brand, expiryMonth, line) => {
  expect(cardLine({ brand, last4: '4242', expiryMonth, expiryYear: 2027 })).toBe(line)
})

const next = { at: '2026-03-05T10:00:00.000Z', amount: { amountMinor: 500, currency: 'EUR' } }
test.each([
  [{ status: 'ACTIVE', cancelAtPeriodEnd: false } as const, next, '€5 on 5 March 2026'],
  [{ status: 'TRIALING', cancelAtPeriodEnd: false } as const, next, '€5 on 5 March 2026 (first payment)'],
  [{ status: 'ACTIVE', cancelAtPeriodEnd: true } as const, null, 'No further payments'],
  [{ status: 'UNPAID', cancelAtPeriodEnd: false } as const, null, 'No further payments'],
])('%j, %j: %s', (held, payment, line) => {
  expect(nextPaymentLine(held, payment)).toBe(line)
})

test('each status of a receipt has a word, an unknown one has none', () => {
  const all = (['DRAFT', 'OPEN', 'PAID', 'UNCOLLECTIBLE', 'VOID'] as const).map((status) => invoiceWord({ status }))
  expect(new Set(all).size).toBe(5)
  expect(all).not.toContain('')
  expect(invoiceWord({ status: 'FROZEN' as InvoiceStatus })).toBe('')
})

const gift = {
  plan: { slug: 'patron', name: 'Patron' },
  interval: 'YEARLY',
  boughtAt: '2026-03-05T10:00:00.000Z',
  redeemedAt: null,
  voided: false,
} as const
test.each([
  [gift, 'For a year. Bought on 5 March 2026. Not redeemed yet.'],
  [
    { ...gift, interval: 'MONTHLY', redeemedAt: '2026-04-01T10:00:00.000Z' } as const,
    'For a month. Bought on 5 March 2026. Redeemed on 1 April 2026.',
  ],
  [{ ...gift, voided: true }, 'For a year. Bought on 5 March 2026. Refunded, so the code is no longer valid.'],
])('%j: %s', (bought, line) => {
  expect(giftLine(bought)).toBe(line)
})
