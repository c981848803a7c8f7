import { expect, test } from '@jest/globals'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { graphql } from 'graphql'
import { billingRules } from '../src/billing/index.ts'
import { contentRules } from '../src/content/index.ts'
import type { Context } from '../src/graphql/context-types.ts'
import { guardSchema } from '../src/graphql/permissions.ts'
import { CodedError } from '../src/lib/errors.ts'
import { allow, deny, type RuleMap } from '../src/lib/shield.ts'
import { membersRules } from '../src/members/index.ts'
import { hasPermission } from '../src/members/rules.ts'
import { membershipRules } from '../src/membership/index.ts'
import { anonymous, type Reader } from '../src/members/types.ts'

// A permission is read from the verified token. The refusal names it.

const bare = makeExecutableSchema({
  typeDefs: 'type Query { desk: String }',
  resolvers: { Query: { desk: () => 'the desk' } },
})
const schema = guardSchema(bare, [{ Query: { desk: hasPermission('read:members') } }])

const member = (permissions: string[], disabled = false): Reader => ({
  kind: 'member',
  memberId: 'm',
  subject: 'auth0|m',
  permissions: new Set(permissions),
  disabled,
  profile: { name: null, email: null, picture: null },
})

const contextOf = (reader: Reader): Context => {
  const identity = reader.kind === 'member' ? { permissions: reader.permissions } : null
  return { identity, reader: () => Promise.resolve(reader), teasers: 'members' } as unknown as Context
}

async function ask(reader: Reader) {
  const { data, errors } = await graphql({ schema, source: '{ desk }', contextValue: contextOf(reader) })
  return { desk: data?.desk, code: errors?.[0]?.extensions.code, permission: errors?.[0]?.extensions.permission }
}

test('allows a member with the permission', async () => {
  expect(await ask(member(['read:members', 'other']))).toEqual({ desk: 'the desk' })
})

test.each([
  ['anonymous', anonymous, { desk: null, code: 'UNAUTHENTICATED' }],
  ['a member without it', member([]), { desk: null, code: 'FORBIDDEN', permission: 'read:members' }],
  ['a member with another', member(['read:member']), { desk: null, code: 'FORBIDDEN', permission: 'read:members' }],
  ['a disabled member with it', member(['read:members'], true), { desk: null, code: 'ACCOUNT_DISABLED' }],
])('%s is refused', async (_who, reader, refusal) => {
  expect(await ask(reader)).toEqual(refusal)
})

test('a failed lookup of the reader is SERVICE_UNAVAILABLE', async () => {
  const contextValue = { identity: null, reader: () => Promise.reject(new Error('down')) } as unknown as Context
  const { data, errors } = await graphql({ schema, source: '{ desk }', contextValue })
  expect(data?.desk).toBeNull()
  expect(errors?.[0]?.extensions.code).toBe('SERVICE_UNAVAILABLE')
})

const everybody: Record<string, Reader> = {
  anonymous,
  disabled: member(['read:members', 'manage:plans'], true),
  member: member([]),
  reader: member(['read:members']),
  planner: member(['manage:plans']),
}
const members = ['member', 'reader', 'planner']

const options = { debug: false, allowExternalErrors: false, fallbackRule: deny, hashFunction: () => '' }

/** The readers whom each gated field allows, with TEASERS=members. The rule of a body depends on more than the reader. */
const gates: Record<string, readonly string[]> = {
  'Query.article': members,
  'Query.articles': members,
  'Query.bookmarks': members,
  'Query.ping': members,
  'Query.planChange': members,
  'Query.viewer': ['anonymous', ...members],
  'Query.whyAccess': ['reader'],
  'Mutation.addBookmark': members,
  'Mutation.cancelMembership': members,
  'Mutation.changePlan': members,
  'Mutation.grantMembership': ['planner'],
  'Mutation.keepMembership': members,
  'Mutation.openBillingPortal': members,
  'Mutation.redeemGift': members,
  'Mutation.removeBookmark': members,
  'Mutation.revokeMembership': ['planner'],
  'Mutation.startCheckout': members,
  'Mutation.startGiftCheckout': members,
  'Subscription.viewerChanged': members,
}

test('each gated field allows exactly the expected readers', async () => {
  const found: Record<string, string[]> = {}
  for (const rules of [billingRules, contentRules, membersRules, membershipRules] satisfies RuleMap[]) {
    for (const [type, fields] of Object.entries(rules)) {
      for (const [field, rule] of Object.entries(fields)) {
        if (rule === allow || `${type}.${field}` === 'Article.body') continue
        const passes: string[] = []
        for (const [who, reader] of Object.entries(everybody)) {
          const verdict: unknown = await rule.resolve({}, {}, contextOf(reader) as never, {} as never, options)
          if (verdict === true) passes.push(who)
          else expect(verdict).toBeInstanceOf(CodedError)
        }
        found[`${type}.${field}`] = passes
      }
    }
  }
  expect(found).toEqual(gates)
})

test.each([
  ['a locked body', false, true, 'SUBSCRIPTION_REQUIRED'],
  ['one body too many', true, false, 'BAD_USER_INPUT'],
  ['an open body', true, true, null],
])('%s: granted %s, within the limit %s', async (_what, granted, fits, code) => {
  const access = granted ? { granted } : { granted, reason: 'PLAN_REQUIRED', requiredPlans: [] }
  const ctx = { decide: () => Promise.resolve({ access }), countBody: () => fits }
  const { body } = contentRules.Article ?? {}
  const verdict: unknown = await body?.resolve({ id: 'a' }, {}, ctx as never, {} as never, options)
  expect(verdict instanceof CodedError ? verdict.extensions.code : verdict).toBe(code ?? true)
})
