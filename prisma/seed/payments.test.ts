import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { localSecretKey } from '../../server/src/local/defaults.ts'
import { testDatabase } from '../../server/test/support/database.ts'
import { unique } from '../../server/test/support/factories.ts'
import { freePorts } from '../../server/test/support/free-ports.mjs'
import { startProvider } from '../../server/test/support/provider.ts'
import { seedDemo } from './demo.ts'
import { seedPayments } from './payments.ts'

const db = await testDatabase()
const contentFolder = await mkdtemp(path.join(tmpdir(), 'gatepost-seed-'))
afterAll(() => rm(contentFolder, { recursive: true }))
const [port = 0] = await freePorts(1)
const { base, stripe } = await startProvider(port, null)

const now = new Date()
const seed = async (issuer: string) => {
  await seedDemo(db, { issuer, now, contentFolder })
  await seedPayments(db, { provider: { secretKey: localSecretKey, apiBase: new URL(base) }, issuer, now })
}

async function linksOf(issuer: string) {
  const subject = (name: string) => ({ membership: { member: { identities: { some: { issuer, subject: name } } } } })
  const names = ['reader', 'subscriber', 'patron', 'lapsed', 'pastdue', 'disabled', 'editor']
  const found = []
  for (const name of names) {
    for (const { subscriptionId } of await db.billingSubscription.findMany({ where: subject(`auth0|${name}`) }))
      found.push({ name, subscriptionId })
  }
  return found
}

test('each paid membership of a persona has its subscription at the provider, once', async () => {
  const issuer = `https://${unique()}.example.test/`
  await seed(issuer)
  const links = await linksOf(issuer)
  const statuses = links.map(async ({ name, subscriptionId }) => {
    const { status, customer } = await stripe.subscriptions.retrieve(subscriptionId)
    const { data } = await stripe.invoices.list({ customer: String(customer), limit: 1 })
    return [name, status, data[0]?.status]
  })
  expect(await Promise.all(statuses)).toEqual([
    ['subscriber', 'active', 'paid'],
    ['patron', 'active', 'paid'],
    ['lapsed', 'canceled', 'paid'],
    ['pastdue', 'past_due', 'open'],
    ['disabled', 'active', 'paid'],
  ])
  await seed(issuer)
  expect(await linksOf(issuer)).toEqual(links)
})
