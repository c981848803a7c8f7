import { readScriptSettings } from '../../env.ts'
import { requireWritable } from '../../storage-failure.ts'
import { reportReady, runUntilStopped } from '../lifecycle.ts'
import { startPaymentServer } from './server.ts'
import { paymentSettings } from './settings.ts'

try {
  const settings = readScriptSettings()
  if (settings.production)
    throw new Error('it takes no payments. In production, set STRIPE_SECRET_KEY to a real account.')
  await requireWritable(settings.dataDir)
  const server = await startPaymentServer(paymentSettings(settings))
  runUntilStopped(() => server.close())
  reportReady(server.url)
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error)
  console.error(`The local payment provider could not start: ${reason.replace(/\s*\n\s*/g, ' ')}`)
  process.exit(1)
}
