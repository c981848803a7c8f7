import { requireWritable } from '../../storage-failure.ts'
import { runLocalServer } from '../shared/lifecycle.ts'
import { startPaymentServer } from './server.ts'
import { paymentSettings } from './settings.ts'

await runLocalServer('The local payment provider', async (settings) => {
  if (settings.production)
    throw new Error('it takes no payments. In production, set STRIPE_SECRET_KEY to a real account.')
  await requireWritable(settings.dataDir)
  return startPaymentServer(paymentSettings(settings))
})
