import { serialize, deserialize } from 'node:v8'
import { inspect } from 'node:util'
import { expect, test } from '@jest/globals'
import { BodyGrant, mintGrant } from './grant.ts'

const request = { requestId: 'request' }
const grant = mintGrant('article', 'requirement', request)
type Construct = new (...values: unknown[]) => BodyGrant

test('opens its article in its request', () => {
  expect(BodyGrant.articleOpenedBy(grant, request)).toBe('article')
})

test('opens an unpublished article only if it was minted so', () => {
  expect(BodyGrant.opensUnpublished(grant)).toBe(false)
  expect(BodyGrant.opensUnpublished(mintGrant('article', 'requirement', request, true))).toBe(true)
})

test.each([
  ['another request', { requestId: 'another' }],
  ['an equal request', { ...request }],
  ['no request', undefined],
])('is refused for %s', (_name, other) => {
  expect(() => BodyGrant.articleOpenedBy(grant, other as object)).toThrow(
    new TypeError('the grant belongs to another request'),
  )
})

test.each([
  ['null', null],
  ['undefined', undefined],
  ['true', true],
  ['an article id', 'article'],
  ['an object of the same shape', { articleId: 'article', request, '#articleId': 'article', '#request': request }],
  ['an object with its prototype', Object.create(BodyGrant.prototype)],
  ['an object made from it', Object.create(grant)],
  ['a copy', { ...grant }],
  ['an assigned copy', Object.assign(Object.create(BodyGrant.prototype), grant)],
  ['a structured clone', structuredClone(grant)],
  ['a deserialised one', deserialize(serialize(grant))],
  ['a proxy', new Proxy(grant, {})],
  ['the class', BodyGrant],
  ['a list of it', [grant]],
])('refuses %s', (_name, forged) => {
  expect(() => BodyGrant.articleOpenedBy(forged, request)).toThrow(new TypeError('the value is not a grant'))
})

test('cannot be constructed elsewhere', () => {
  const Constructor = BodyGrant as unknown as Construct
  class Subclass extends Constructor {}
  const attempts = [
    () => new Constructor(Symbol('minted'), 'article', request),
    () => new Constructor(Symbol.for('minted'), 'article', request),
    () => new Constructor(undefined, 'article', request),
    () => new Constructor('article', request),
    () => new Subclass(Symbol('minted'), 'article', request),
    () => new (grant.constructor as Construct)(Symbol('minted'), 'article', request),
    () => Reflect.construct(Constructor, [Symbol('minted'), 'article', request], Object) as unknown,
  ]
  for (const attempt of attempts) expect(attempt).toThrow(new TypeError('only an access decision can create a grant'))
})

test('cannot be serialised', () => {
  expect(() => JSON.stringify(grant)).toThrow(new TypeError('a grant cannot be serialised'))
  expect(() => JSON.stringify({ data: [grant] })).toThrow(new TypeError('a grant cannot be serialised'))
  expect(inspect(grant, { showHidden: true, depth: 9 })).not.toContain('article')
})

test('cannot be changed', () => {
  expect(() => Object.assign(grant, { articleId: 'other' })).toThrow(TypeError)
  expect(BodyGrant.articleOpenedBy(grant, request)).toBe('article')
})
