import path from 'node:path'
import type { ScriptSettings } from '../../env.ts'
import { localSecretKey, localWebhookSecret } from '../../../server/src/local/defaults.ts'

export { localSecretKey, localWebhookSecret }

export interface PaymentSettings {
  readonly port: number
  /** Holds state.json, readable by its owner alone; null: in memory only, for tests. */
  readonly folder: string | null
  readonly secretKey: string
  readonly webhookSecret: string
  /** Where events are sent; null: nowhere. */
  readonly webhookUrl: string | null
  /** Where the site is served; the first is what pages lead back to. */
  readonly siteOrigins: readonly string[]
  /** What becomes of a subscription when the last retry failed; Stripe has this in its dashboard. */
  readonly after: 'cancel' | 'unpaid'
}

/** What the local payment provider takes from the settings of the scripts. */
export function paymentSettings(settings: ScriptSettings): PaymentSettings {
  return {
    port: settings.paymentsPort,
    folder: path.join(settings.dataDir, 'payments'),
    secretKey: localSecretKey,
    webhookSecret: localWebhookSecret,
    webhookUrl: `http://127.0.0.1:${settings.apiPort}/webhooks/stripe`,
    siteOrigins: [...new Set([`http://localhost:${settings.sitePort}`, settings.server.siteUrl])],
    after: 'cancel',
  }
}
