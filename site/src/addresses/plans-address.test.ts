import { expect, test } from '@jest/globals'
import { addressOfPlans, readPlansQuery, type PlansQuery } from './plans-address.ts'

test.each<[PlansQuery, string]>([
  [{}, '/plans/'],
  [{ from: 'circles' }, '/plans/?from=/articles/circles/'],
  [{ plan: 'patron', interval: 'YEARLY' }, '/plans/?plan=patron&interval=yearly'],
  [
    { plan: 'patron', interval: 'MONTHLY', from: 'self-reliance' },
    '/plans/?plan=patron&interval=monthly&from=/articles/self-reliance/',
  ],
])('%j is %s, and back', (query, address) => {
  expect(addressOfPlans(query)).toBe(address)
  expect(readPlansQuery(new URL(address, 'https://gatepost.example').search)).toEqual(query)
})

test.each([
  '?from=https://evil.example/articles/x/',
  '?from=//evil.example/',
  '?from=/articles/../account/',
  '?from=/tags/essays/',
  '?from=/articles/x/?checkout=done',
  '?from=/callback/',
  '?from=javascript:alert(1)',
  '?plan=../x',
  '?plan=Patron',
  '?plan=',
  `?plan=${'a'.repeat(201)}`,
  '?interval=YEARLY',
  '?interval=weekly',
  '?nothing=of-ours',
])('%s says nothing', (search) => {
  expect(readPlansQuery(search)).toEqual({})
})

test.each(['?from=%2Farticles%2Fcircles%2F', '?from=/articles/circles'])('%s is understood', (search) => {
  expect(readPlansQuery(search)).toEqual({ from: 'circles' })
})
