import { hostname } from 'node:os'
import { expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { makeArticle } from './support/factories.ts'
import { expectUnharmed } from './support/http.ts'

// Shows that `expectUnharmed` fails for each kind of leak.

const app = await startTestApp()
const { html } = await makeArticle(app.db, { visibility: 'PAID' })
const clean = { text: '{"data":null}', headers: {} }
const { url } = app

test('passes for a response without secrets', async () => {
  await expectUnharmed(app, clean)
})

test.each([
  ['a gated body', html],
  ['a stack', 'Error: x\n    at main (x.js:1)'],
  ['a file', 'see file:///app/x'],
  ['a source position', 'graphql-route.ts:12'],
  ['a library', 'node_modules/pg'],
  ['SQL', 'SELECT "id" FROM "member"'],
  ['a driver', 'PrismaClientKnownRequestError'],
  ['an address', 'connect ECONNREFUSED 127.0.0.1:5432'],
  ['a host', `on ${hostname()}`],
])('fails for %s in a response, a header or a log', async (title, text) => {
  await expect(expectUnharmed(app, { ...clean, text })).rejects.toThrow()
  await expect(expectUnharmed(app, { ...clean, headers: { x: text } })).rejects.toThrow()
  if (title === 'a gated body') await expect(expectUnharmed({ url, logs: [text] }, clean)).rejects.toThrow()
})

test.each([app.issuer.sign(), 'Bearer abc'])('fails for a token in a log', async (token) => {
  await expect(expectUnharmed({ url, logs: [`{"msg":"${token}"}`] }, clean)).rejects.toThrow()
})

test('fails if the server is down', async () => {
  await expect(expectUnharmed({ url: 'http://127.0.0.1:1', logs: [] }, clean)).rejects.toThrow()
})
