import type { ScriptSettings } from '../env.ts'

/**
 * Calls a function while a payment provider runs: the real one, or the local one. A local one that does not run is started, and stopped
 * afterwards.
 *
 * @returns the result of the function
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
