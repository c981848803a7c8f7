import { expect, test } from '@jest/globals'
import { serverAudits } from 'graphql-http'
import { startTestApp } from './support/app.ts'

// The GraphQL-over-HTTP specification, by its own audits (https://github.com/graphql/graphql-http).

const app = await startTestApp()

const badRequestIs400 =
  'SHOULD, for clients of old; here a bad question is a 400 to everybody, so that proxies and logs see it too'
const notWithoutPreflight =
  'MAY; the audit sends no header that a foreign page could not send, so the guard against forged requests refuses it'

/** What is not as the specification would like, and why. Anything else fails. */
const known: Readonly<Record<string, string>> = {
  '572B': badRequestIs400,
  FDE2: badRequestIs400,
  '7B9B': badRequestIs400,
  '5A70': notWithoutPreflight,
  D6D5: notWithoutPreflight,
  '6A70': notWithoutPreflight,
}

const audits = serverAudits({ url: `${app.url}/graphql` })
const deviations = new Set<string>()

test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s %s', async (id, _name, audit) => {
  const result = await audit.fn()
  if (result.status !== 'ok') {
    deviations.add(id)
    expect({ reason: result.reason, status: result.status, why: known[id] }).toEqual({
      reason: expect.any(String),
      status: expect.stringMatching(/^(warn|notice)$/),
      why: expect.any(String),
    })
  }
})

test('what is known to deviate still does', () => {
  expect([...deviations].sort()).toEqual(Object.keys(known).sort())
})
