const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Returns whether the page may go to an address from the API: an https page, or the double on this machine. A wrong address must neither
 * run a script (`javascript:`) nor send a reader over plain http.
 */
export function isProviderAddress(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname))
}

const busyMs = 10_000

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
  await new Promise((resolve) => setTimeout(resolve, busyMs))
}
