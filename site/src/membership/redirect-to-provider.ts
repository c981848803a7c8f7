import { isProviderAddress } from './provider-address.ts'

const busyMilliseconds = 10_000

/**
 * Redirects to the payment provider. The promise is pending while the browser leaves the page, so that the pressed button stays busy.
 * It resolves after ten seconds, in case the reader cancels the navigation.
 *
 * @throws Error with a message for the reader
 */
export async function redirectToProvider(address: string | null | undefined): Promise<void> {
  if (!address || !isProviderAddress(address)) {
    throw new Error('The payment page couldn’t be opened. Try again in a moment.')
  }
  window.location.assign(address)
  await new Promise((resolve) => setTimeout(resolve, busyMilliseconds))
}
