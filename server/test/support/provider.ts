import { afterAll } from '@jest/globals'
import type Stripe from 'stripe'
import { startPaymentServer } from '../../../scripts/local/payments/server.ts'
import { createStripe } from '../../src/billing/index.ts'
import { localSecretKey, localWebhookSecret } from '../../src/local/defaults.ts'

export interface TestProvider {
  readonly base: string
  readonly stripe: Stripe
  /** Calls one of the provider's local controls. */
  readonly control: (path: string, body: object) => Promise<unknown>
}

/** Starts the local payment provider in memory. Stops after the file. @param webhookUrl null: the test delivers webhooks itself */
export async function startProvider(port: number, webhookUrl: string | null): Promise<TestProvider> {
  const base = `http://127.0.0.1:${port}`
  const server = await startPaymentServer({
    port,
    folder: null,
    secretKey: localSecretKey,
    webhookSecret: localWebhookSecret,
    webhookUrl,
    siteOrigins: ['http://localhost:8000'],
  })
  afterAll(() => server.close())
  return {
    base,
    stripe: createStripe({ secretKey: localSecretKey, apiBase: new URL(base) }) as Stripe,
    async control(path, body) {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${base}/_local/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
      if (!answer.ok) throw new Error(await answer.text())
      return answer.json()
    },
  }
}
