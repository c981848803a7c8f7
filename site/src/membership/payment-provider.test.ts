import { expect, test } from '@jest/globals'
import { isProviderAddress } from './payment-provider.ts'

test.each([
  ['https://checkout.stripe.com/c/pay/cs_test_1#fid', true],
  ['https://127.0.0.1:4002/checkout/1', true],
  ['http://localhost:4002/checkout/1', true],
  ['http://127.0.0.1:4002/checkout/1', true],
  ['http://[::1]:4002/checkout/1', true],
  ['http://checkout.stripe.com/c/pay/cs_test_1', false],
  ['http://localhost.evil.example/', false],
  ['http://127.0.0.1.evil.example/', false],
  ['http://localhost@evil.example/', false],
  ['javascript:alert(1)', false],
  [' javascript:alert(1)', false],
  ['data:text/html,x', false],
  ['blob:https://gatepost.example/1', false],
  ['//checkout.stripe.com/', false],
  ['/account/', false],
  ['', false],
])('%s: %s', (address, may) => {
  expect(isProviderAddress(address)).toBe(may)
})
