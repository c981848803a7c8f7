import { describe, expect, test } from '@jest/globals'
import { catalogue } from '../../../test/support/holdings.ts'
import { resolveRequirement } from './resolve.ts'

describe('the plans that open an article', () => {
  test.each([
    // visibility  names                    opened by                                    required
    ['PUBLIC', [], [], []],
    ['MEMBERS', [], [], []],
    ['PAID', [], ['audio', 'founder', 'patron', 'supporter'], ['supporter', 'audio', 'patron']],
    ['PLANS', ['supporter'], ['founder', 'patron', 'supporter'], ['supporter', 'patron']],
    ['PLANS', ['patron'], ['founder', 'patron'], ['patron']],
    ['PLANS', ['founder'], ['founder'], []],
    ['PLANS', ['audio', 'patron'], ['audio', 'founder', 'patron'], ['audio', 'patron']],
    ['PLANS', [], [], []],
    ['PLANS', ['gone'], [], []],
    // Named plans count for PLANS only. An unknown visibility is opened by no plan.
    ['PUBLIC', ['supporter'], [], []],
    ['MEMBERS', ['supporter'], [], []],
    ['NEWSLETTER', ['supporter'], [], []],
  ])('%s naming %j', (visibility, planIds, openedBy, requiredPlans) => {
    const resolved = resolveRequirement({ visibility: visibility as 'PAID', planIds }, catalogue)
    expect([...resolved.openedBy].sort()).toEqual(openedBy)
    expect(resolved.requiredPlans.map(({ slug }) => slug)).toEqual(requiredPlans)
  })

  test('are none in an empty catalogue', () => {
    const { openedBy, requiredPlans } = resolveRequirement({ visibility: 'PAID', planIds: [] }, new Map())
    expect([openedBy.size, requiredPlans]).toEqual([0, []])
  })
})
