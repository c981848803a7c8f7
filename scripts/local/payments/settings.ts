import path from 'node:path'
import type { ScriptSettings } from '../../env.ts'
import { localSecretKey, localWebhookSecret } from '../../../server/src/local/defaults.ts'

export interface PaymentSettings {
  readonly port: number
  /** The folder of state.json, readable by its owner only. Null: in memory only, for tests. */
  readonly folder: string | null
  readonly secretKey: string
  readonly webhookSecret: string
  /** The address of the webhooks. Null: none are sent. */
  readonly webhookUrl: string | null
  /** The origins of the site. Pages link to the first one. */
  readonly siteOrigins: readonly string[]
}

/** Returns the settings of the local payment provider. */
export function paymentSettings(settings: ScriptSettings): PaymentSettings {
  return {
    port: settings.paymentsPort,
    folder: path.join(settings.dataDir, 'payments'),
    secretKey: localSecretKey,
    webhookSecret: localWebhookSecret,
    webhookUrl: `http://127.0.0.1:${settings.apiPort}/webhooks/stripe`,
    siteOrigins: [...new Set([`http://localhost:${settings.sitePort}`, settings.server.siteUrl])],
  }
}
