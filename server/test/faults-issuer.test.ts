import { afterAll, afterEach, expect, test } from '@jest/globals'
import { startTestApp, type TestApp } from './support/app.ts'
import { testDatabase } from './support/database.ts'
import { makeMember } from './support/factories.ts'
import { startTestIssuer } from './support/issuer.ts'
import { eventually } from './support/eventually.ts'
import { networkFaults, startTcpProxy } from './support/tcp-proxy.ts'

// An identity provider behind a failing network: known keys remain valid, tokens are not refused because of it, and it recovers.

const db = await testDatabase()
const issuer = await startTestIssuer()
afterAll(() => issuer.stop())
const { hostname, port } = new URL(issuer.url)
const proxy = await startTcpProxy({ host: hostname, port: Number(port) })
const url = `http://127.0.0.1:${proxy.port}/`
const paths = (await (await fetch(`${issuer.url}.well-known/openid-configuration`)).json()) as Record<string, string>
const there = (name: string): string => (paths[name] ?? '').replace(issuer.url, url)
issuer.discovery = { issuer: url, jwks_uri: there('jwks_uri'), userinfo_endpoint: there('userinfo_endpoint') }
afterEach(() => proxy.set('none'))

const start = () => startTestApp({ beside: { db, issuer }, env: { AUTH_ISSUER: url } })
const away = ['refused', 'reset', 'silent'] as const
const known = await start()
const begun: [(typeof away)[number], TestApp][] = []
for (const fault of away) {
  await proxy.set(fault)
  begun.push([fault, await start()])
  await proxy.set('none')
}

const newToken = async (): Promise<string> => {
  const { subject } = await makeMember(db, { issuer: url })
  return issuer.sign({ iss: url, sub: subject })
}

test.each(networkFaults)('on a network that is %s, the previous keys are used', async (fault) => {
  await proxy.set(fault)
  const answers = await Promise.all(
    Array.from({ length: 5 }, async () => known.ask('{ viewer { id } }', { token: await newToken() })),
  )
  for (const { status, errors, data } of answers) {
    expect([status, errors]).toEqual([200, undefined])
    expect(data).toMatchObject({ viewer: { id: expect.any(String) as unknown } })
  }
})

test.each(begun)('a server started on a network that is %s recovers', async (fault, app) => {
  await proxy.set(fault)
  const token = await newToken()
  const { status, headers, errors } = await app.ask('{ viewer { id } }', { token })
  // The server may have fetched the keys before this test.
  if (status !== 200) {
    expect([status, errors?.[0]?.extensions.code]).toEqual([503, 'AUTH_UNAVAILABLE'])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }
  expect((await app.ask('{ plans { slug } }')).status).toBe(200)
  await proxy.set('none')
  await eventually(async () => (await app.ask('{ viewer { id } }', { token })).status === 200)
})
