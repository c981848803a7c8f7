import { expect, test } from '@jest/globals'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { graphql } from 'graphql'
import type { Context } from '../src/graphql/context-types.ts'
import { guardSchema } from '../src/graphql/permissions.ts'
import { hasPermission } from '../src/members/rules.ts'
import { anonymous, type Reader } from '../src/members/types.ts'

// A permission is checked on the server, from the verified token, and named when it is missing.

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

async function ask(reader: Reader) {
  const identity = reader.kind === 'member' ? { permissions: reader.permissions } : null
  const contextValue = { identity, reader: () => Promise.resolve(reader) } as unknown as Context
  const { data, errors } = await graphql({ schema, source: '{ desk }', contextValue })
  return { desk: data?.desk, code: errors?.[0]?.extensions.code, permission: errors?.[0]?.extensions.permission }
}

test('who has the permission passes', async () => {
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

test('a reader who cannot be looked up is our fault, not theirs', async () => {
  const contextValue = { identity: null, reader: () => Promise.reject(new Error('down')) } as unknown as Context
  const { data, errors } = await graphql({ schema, source: '{ desk }', contextValue })
  expect(data?.desk).toBeNull()
  expect(errors?.[0]?.extensions.code).toBe('SERVICE_UNAVAILABLE')
})
