import { isProviderAddress } from './provider-address.ts'

const patienceMilliseconds = 10_000

/**
 * Leads to the payment provider. Its promise lasts while the page is being left, so that the button that was pressed goes on saying
 * that it works; somebody who stays after all finds it free again.
 *
 * @throws Error to be shown as it is
 */
export async function leaveFor(address: string | null | undefined): Promise<void> {
  if (!address || !isProviderAddress(address)) {
    throw new Error('Our server did not say where to go. Try again in a moment.')
  }
  window.location.assign(address)
  await new Promise((resolve) => setTimeout(resolve, patienceMilliseconds))
}
