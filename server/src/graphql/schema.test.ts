import { expect, test } from '@jest/globals'
import { isEnumType, isInputObjectType, isIntrospectionType, isObjectType, isSpecifiedScalarType } from 'graphql'
import { buildSchema } from './schema.ts'

// The descriptions are the reference of the API.

const schema = buildSchema()

function undescribed(): string[] {
  const missing: string[] = []
  const note = (name: string, { description }: { description?: string | null | undefined }) => {
    if (!description?.trim()) missing.push(name)
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue
    note(type.name, type)
    if (isEnumType(type)) for (const value of type.getValues()) note(`${type.name}.${value.name}`, value)
    if (!isObjectType(type) && !isInputObjectType(type)) continue
    for (const field of Object.values(type.getFields())) {
      note(`${type.name}.${field.name}`, field)
      if ('args' in field) for (const arg of field.args) note(`${type.name}.${field.name}(${arg.name})`, arg)
    }
  }
  return missing
}

test('every type, field, value and argument has a description', () => {
  expect(undescribed()).toEqual([])
})

test('the description of a gated field names its requirement', () => {
  const fields = { ...schema.getQueryType()?.getFields(), ...schema.getMutationType()?.getFields() }
  const forMembers = ['articles', 'article', 'bookmarks', 'ping', 'addBookmark', 'removeBookmark', 'planChange']
  const money = [
    'startCheckout',
    'startGiftCheckout',
    'openBillingPortal',
    'changePlan',
    'cancelMembership',
    'keepMembership',
  ]
  for (const name of [...forMembers, ...money, 'redeemGift']) {
    expect(fields[name]?.description).toMatch(/requires\s+a\s+member's\s+token/i)
  }
  for (const name of ['grantMembership', 'revokeMembership', 'whyAccess']) {
    expect(fields[name]?.description).toMatch(/requires\s+the\s+permission/i)
  }
  const article = schema.getType('Article')
  expect(isObjectType(article) && article.getFields().body?.description).toContain('SUBSCRIPTION_REQUIRED')
})
