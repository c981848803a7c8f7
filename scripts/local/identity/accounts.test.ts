import { expect, test } from '@jest/globals'
import { personas } from './personas.ts'
import { permissionsOf, profileOf, subjectOf, tidyName } from './accounts.ts'

const issuer = 'http://localhost:4001/'

test.each([
  ['subscriber', 'auth0|subscriber'],
  [' Editor ', 'auth0|editor'],
  ['Ada Lovelace', 'auth0|ada-lovelace'],
  ['Zoë', 'auth0|zoe'],
  ["Robert'); DROP TABLE members;--", 'auth0|robert-drop-table-members'],
])('%j signs in as %s', (name, subject) => {
  expect(subjectOf(name)).toBe(subject)
})

test.each([
  ['山田太郎', '山田花子'],
  ['Anna 山', 'Anna 川'],
  ['x'.repeat(60), 'x'.repeat(61)],
  ['!!!', '???'],
])('%j and %j are two people', (one, other) => {
  expect(subjectOf(one)).not.toBe(subjectOf(other))
  expect(subjectOf(one)).toMatch(/^auth0\|[a-z0-9-]{1,51}$/)
})

test.each(['program@clients', 'anon@visitor', 'auth0|editor', 'editor\u0000', 'еditor'])(
  '%j is nobody special',
  (name) => {
    const subject = subjectOf(name)
    expect(subject).toMatch(/^auth0\|[a-z0-9-]+$/)
    if (tidyName(name) !== 'editor') expect(permissionsOf(subject)).toEqual([])
  },
)

test('keeps names to one short line', () => {
  expect(tidyName(' a\r\nb\u202E\tc ')).toBe('a b c')
  expect([...tidyName('😀'.repeat(100))]).toHaveLength(80)
})

test('knows every persona by its own subject', () => {
  for (const { name, subject, email, displayName } of personas) {
    expect(subjectOf(name)).toBe(subject)
    expect(profileOf(subject, 'somebody', issuer)).toMatchObject({ sub: subject, name: displayName, email })
  }
})

test('has a profile for whoever holds a token', () => {
  expect(profileOf('auth0|ada-lovelace', undefined, issuer)).toMatchObject({
    name: 'Ada Lovelace',
    picture: `${issuer}pictures/AL.svg`,
    email_verified: false,
  })
  expect(profileOf('auth0|1f2e', '山田', issuer).picture).toBe(`${issuer}pictures/X.svg`)
})
