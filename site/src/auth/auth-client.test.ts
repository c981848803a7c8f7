import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { AuthClient, RestoreOutcome } from './auth-client.ts'

process.env.GATSBY_AUTH0_DOMAIN = 'http://localhost:4001'
process.env.GATSBY_AUTH0_CLIENT_ID = 'client'
const { createAuthClient, errorCode, markOf, wantsPerson } = await import('./auth-client.ts')

test.each([
  [{ error: 'login_required' }, true],
  [{ error: 'consent_required' }, true],
  [{ error: 'interaction_required' }, true],
  [{ error: 'account_selection_required' }, true],
  [Object.assign(new Error('Login required'), { error: 'login_required' }), true],
  [{ error: 'timeout' }, false],
  [{ error: 'access_denied' }, false],
  [{ error: 'temporarily_unavailable' }, false],
  [{ error: 'LOGIN_REQUIRED' }, false],
  [{ error: '' }, false],
  [{ error: ['login_required', 'timeout'] }, false],
  [{ error: null }, false],
  [{ code: 'login_required' }, false],
  [new TypeError('Failed to fetch'), false],
  [new Error('login_required'), false],
  ['login_required', false],
  [undefined, false],
  [null, false],
])('%j: the provider wants to see the person: %s', (error, wanted) => {
  expect(wantsPerson(error)).toBe(wanted)
})

test.each([
  [{ error: 'timeout' }, 'timeout'],
  [{ error: 7 }, '7'],
  [new Error('text'), ''],
  ['timeout', ''],
  [null, ''],
])('the code of %j is %j', (error, code) => {
  expect(errorCode(error)).toBe(code)
})

describe('at the start of a page', () => {
  const asked: string[] = []
  const cookie = (text: string) => Object.defineProperty(globalThis, 'document', { value: { cookie: text } })

  /** The provider's answer to the silent sign-in. */
  function clientWith(answer: () => Promise<unknown>): AuthClient {
    const client = createAuthClient()
    client.sdk.getTokenSilently = (() => {
      asked.push('token')
      return answer()
    }) as never
    client.sdk.logout = async (options) => void asked.push(`logout ${JSON.stringify(options)}`)
    return client
  }

  beforeEach(() => {
    asked.length = 0
    Object.defineProperty(globalThis, 'document', { configurable: true, value: { cookie: `${markOf('client')}true` } })
  })
  afterEach(() => void Reflect.deleteProperty(globalThis, 'document'))

  const refusal = (error: string) => Promise.reject(Object.assign(new Error(error), { error }))

  test.each<[string, () => Promise<unknown>, RestoreOutcome, string[]]>([
    ['a token', () => Promise.resolve('token'), 'restored', ['token']],
    ['login_required', () => refusal('login_required'), 'refused', ['token', 'logout {"openUrl":false}']],
    ['consent_required', () => refusal('consent_required'), 'refused', ['token', 'logout {"openUrl":false}']],
    ['timeout', () => refusal('timeout'), 'away', ['token']],
    ['no network', () => Promise.reject(new TypeError('Failed to fetch')), 'away', ['token']],
  ])('%s', async (_answer, answer, outcome, calls) => {
    const client = clientWith(answer)
    await client.sdk.checkSession()
    expect(client.outcome()).toBe(outcome)
    expect(asked).toEqual(calls)
  })

  test.each(['', `${markOf('other')}true`])('with the cookies %j nobody is asked for', async (text) => {
    cookie(text)
    const client = clientWith(() => Promise.resolve('token'))
    await client.sdk.checkSession()
    expect([client.outcome(), client.hasMark(), asked]).toEqual(['nobody', false, []])
  })
})

test('on the server the provider is not asked', async () => {
  const client = createAuthClient()
  await client.sdk.checkSession()
  expect([client.outcome(), client.hasMark()]).toEqual(['nobody', false])
})
