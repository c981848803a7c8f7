import { describe, expect, test } from '@jest/globals'
import { catalogue, storedPlan } from '../../test/support/holdings.ts'
import { buildCatalogue, knownPlan, onSale, planToBuy } from './catalogue.ts'

describe('the included plans', () => {
  test.each([
    // plans named by each plan                                  included by a
    [{ a: [] }, []],
    [{ a: ['b'], b: [] }, ['b']],
    [{ a: ['b'], b: ['c'], c: ['d'], d: [] }, ['b', 'c', 'd']],
    [{ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, ['b', 'c', 'd']],
    [{ a: ['a'] }, []],
    [{ a: ['b'], b: ['a'] }, ['b']],
    [{ a: ['b'], b: ['c'], c: ['a'] }, ['b', 'c']],
    [{ a: ['b'], b: ['c'], c: ['b'] }, ['b', 'c']],
    [{ a: [], b: ['a'] }, []],
  ] as [Record<string, string[]>, string[]][])('%j: %j', (names, expected) => {
    const plans = Object.entries(names).map(([id, directlyIncludes]) => storedPlan(id, { directlyIncludes }))
    for (const inAnyOrder of [plans, plans.toReversed()]) {
      const includes = buildCatalogue(inAnyOrder).get('a')?.includedPlanIds ?? new Set()
      expect([...includes].sort()).toEqual(expected)
    }
  })

  test('resolves a chain of a thousand plans', () => {
    const plans = Array.from({ length: 1000 }, (_, index) =>
      storedPlan(`p${index}`, { directlyIncludes: [`p${index + 1}`] }),
    )
    expect(buildCatalogue([...plans, storedPlan('p1000')]).get('p0')?.includedPlanIds.size).toBe(1000)
  })
})

test('plans are listed cheapest first', () => {
  const price = (amountMinor: number) => ({ amountMinor, currency: 'EUR' })
  const plans = buildCatalogue([
    storedPlan('unpriced', { monthly: null }),
    storedPlan('monthly-900', { monthly: price(900) }),
    storedPlan('yearly-6000', { monthly: null, yearly: price(6000) }),
    storedPlan('both', { monthly: price(700), yearly: price(12) }),
    storedPlan('b-500', { monthly: price(500) }),
    storedPlan('a-500', { monthly: price(500) }),
    storedPlan('free', { monthly: price(0) }),
    storedPlan('archived', { monthly: price(1), onSale: false }),
  ])
  const slugs = onSale(plans.values()).map(({ slug }) => slug)
  expect(slugs).toEqual(['free', 'a-500', 'b-500', 'yearly-6000', 'both', 'monthly-900', 'unpriced'])
})

describe('a plan to buy', () => {
  test('is found by its slug', () => {
    expect(planToBuy(catalogue, 'patron').id).toBe('patron')
  })

  test.each([
    ['founder', 'The plan "founder" is no longer on sale. The plans are: supporter, audio, patron.'],
    ['gold', 'There is no plan "gold". The plans are: supporter, audio, patron.'],
  ])('%s is refused with a list of the plans on sale', (slug, message) => {
    expect(() => planToBuy(catalogue, slug)).toThrow(message)
  })

  test('is refused if there are no plans', () => {
    expect(() => planToBuy(buildCatalogue([]), 'gold')).toThrow('There is no plan "gold". There are no plans yet.')
  })
})

test('throws for an unknown plan id of a row', () => {
  expect(knownPlan(catalogue, 'founder').slug).toBe('founder')
  expect(() => knownPlan(catalogue, 'gold')).toThrow('a stored plan id is missing from the catalogue')
})
