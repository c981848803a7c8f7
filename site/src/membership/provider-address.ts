const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether an address that the API gave may be gone to: a page of the payment provider, or of its double on this machine. An API
 * that lost its mind must not make the site run a script (`javascript:`) or send a reader over an open line.
 */
export function isProviderAddress(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname))
}
