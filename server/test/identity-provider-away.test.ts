import { expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'

// T30: the identity provider is unavailable at the start. Requests without a token work, and no token is refused because of it.

const app = await startTestApp({ issuerMode: 'down' })
const { ask, issuer, url } = app

test('T30 anonymous readers are served without the provider', async () => {
  expect(await ask('{ plans { slug } }')).toMatchObject({ status: 200, errors: undefined })
})

test('T30 a token is 503 AUTH_UNAVAILABLE, never 401', async () => {
  const { status, headers, errors, data } = await ask('{ plans { slug } }', { token: issuer.sign() })
  expect(status).toBe(503)
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  expect(errors?.[0]?.extensions.code).toBe('AUTH_UNAVAILABLE')
  expect(data).toBeUndefined()
  expect(headers.get('www-authenticate')).toBeNull()
})

test('T30 the server is live but not ready', async () => {
  const ready = await fetch(`${url}/health/ready`)
  expect(ready.status).toBe(503)
  expect(await ready.json()).toMatchObject({ checks: { auth: false, database: true } })
  expect((await fetch(`${url}/health/live`)).status).toBe(200)
})

test('T30 it recovers by itself', async () => {
  issuer.mode = 'well'
  const token = issuer.sign()
  let status = 503
  for (let tries = 0; tries < 100 && status === 503; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    status = (await ask('{ viewer { subject } }', { token })).status
  }
  expect(status).toBe(200)
})
