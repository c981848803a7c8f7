import { expect, test } from '@jest/globals'
import { CodedError } from '../lib/errors.ts'
import { returnAddress, returningWith } from './return-address.ts'

const site = 'https://gatepost.example'

test.each([
  ['/', `${site}/`],
  ['/account/', `${site}/account/`],
  ['/articles/self-reliance/?a=b%20c&d=é#rest', `${site}/articles/self-reliance/?a=b%20c&d=%C3%A9#rest`],
  ['/plans/?checkout=back&a=b', `${site}/plans/?a=b`],
  [`${site}/account/`, `${site}/account/`],
  ['HTTPS://GATEPOST.example:443/account/', `${site}/account/`],
  // Ours all the same: what looks like a host is part of the path.
  ['/@evil.example/', `${site}/@evil.example/`],
  ['/a/..//evil.example/', `${site}//evil.example/`],
  ['/%2f%2fevil.example', `${site}/%2f%2fevil.example`],
])('takes %s', (returnTo, address) => {
  expect(returnAddress(returnTo, site)).toBe(address)
})

test.each([
  '',
  'account/',
  '.',
  '//evil.example/',
  '///evil.example/',
  '/\\evil.example/',
  '\\\\evil.example',
  '/\t/evil.example/',
  '/\n/evil.example/',
  ' /account/',
  '/account/ ',
  '/a b',
  '/a\u00a0b',
  '/a\0b',
  '/a\u0085b',
  '/a\ud800b',
  '\ufeff//evil.example',
  'https://evil.example/',
  'https:evil.example',
  'https:/evil.example',
  'http://gatepost.example/',
  'https://gatepost.example.evil.example/',
  'https://gatepost.example:8443/',
  'https://gatepost.example@evil.example/',
  'https://somebody@gatepost.example/',
  'https://somebody:secret@gatepost.example/',
  'https://sub.gatepost.example/',
  'javascript:alert(1)',
  'data:text/html,x',
  'blob:https://gatepost.example/x',
  'file:///etc/passwd',
  `/${'a'.repeat(500)}`,
])('refuses %j', (returnTo) => {
  const attempt = () => returnAddress(returnTo, site)
  expect(attempt).toThrow(CodedError)
  expect(attempt).toThrow('returnTo is a path of the site, such as /account/, of at most 500 characters.')
})

test('says on the page how it went, before the fragment', () => {
  expect(returningWith('done', `${site}/a/?b=c#rest`)).toBe(`${site}/a/?b=c&checkout=done#rest`)
  expect(returningWith('back', returnAddress('/a/?checkout=done', site))).toBe(`${site}/a/?checkout=back`)
})
