import type { ScriptSettings } from '../env.ts'

/**
 * Works while a payment provider is there: the real one, the local one that runs, or else the local one started for as long
 * as the work takes.
 *
 * @returns what the work returned
 */
export async function withPayments<T>(settings: ScriptSettings, work: () => Promise<T>): Promise<T> {
  if (!settings.usesLocalPayments || (await isRunning(settings.paymentsPort))) return work()
  const { paymentSettings } = await import('./payments/settings.ts')
  const { startPaymentServer } = await import('./payments/server.ts')
  const server = await startPaymentServer(paymentSettings(settings))
  try {
    return await work()
  } finally {
    await server.close()
  }
}

async function isRunning(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/_local/clock`, { signal: AbortSignal.timeout(2_000) })
    return answer.ok
  } catch {
    return false
  }
}
