import { expect, test } from '@jest/globals'
import { serverAudits } from 'graphql-http'
import { startTestApp } from './support/app.ts'

// The GraphQL-over-HTTP specification, by its own audits (https://github.com/graphql/graphql-http).

const app = await startTestApp()

const badRequestIs400 =
  'SHOULD, for legacy clients. Here an invalid request is 400 for every client, so that proxies and logs detect it'
const notWithoutPreflight =
  'MAY. The audit sends only headers that any page can send, so the CSRF protection refuses it'

/** Known deviations from the specification, with reasons. Any other deviation fails. */
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

test('every known deviation still exists', () => {
  expect([...deviations].sort()).toEqual(Object.keys(known).sort())
})
