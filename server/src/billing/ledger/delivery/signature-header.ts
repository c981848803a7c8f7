/** What a delivery's `Stripe-Signature` header says. */
export interface DeliverySignature {
  /** Unix time in seconds. */
  readonly signedAt: number
  /** Of the present scheme, `v1`. Several while a secret rotates at the provider. */
  readonly signatures: readonly Buffer[]
}

const longestHeader = 4_096
const element = /^([A-Za-z][A-Za-z0-9]*)=(.+)$/
const sha256InHex = /^[0-9a-f]{64}$/

/**
 * Parses a `Stripe-Signature` header: `t=<seconds>,v1=<hex>[,v1=<hex>][,v0=…]` (https://docs.stripe.com/webhooks#verify-manually).
 * The only parser of that header: the time that is checked is the time that was signed. Unknown schemes are ignored.
 *
 * @returns null for a malformed header, for a repeated `t` and without a `v1`
 */
export function parseSignatureHeader(header: string): DeliverySignature | null {
  if (header.length > longestHeader) return null
  const times: number[] = []
  const signatures: Buffer[] = []
  for (const item of header.split(',')) {
    const [, name, value = ''] = element.exec(item.trim()) ?? []
    if (name === undefined) return null
    if (name === 't') {
      if (!/^\d{1,12}$/.test(value)) return null
      times.push(Number(value))
    } else if (name === 'v1') {
      if (!sha256InHex.test(value)) return null
      signatures.push(Buffer.from(value, 'hex'))
    }
  }
  const [signedAt, ...repeated] = times
  if (signedAt === undefined || repeated.length > 0 || signatures.length === 0) return null
  return { signedAt, signatures }
}
