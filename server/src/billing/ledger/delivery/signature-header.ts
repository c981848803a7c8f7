/** A parsed `Stripe-Signature` header. */
interface DeliverySignature {
  /** Unix time in seconds. */
  readonly signedAt: number
  /** The signatures of the scheme `v1`. Several while a secret is rotated at the provider. */
  readonly signatures: readonly Buffer[]
}

const longestHeader = 4_096
const element = /^([A-Za-z][A-Za-z0-9]*)=(.+)$/
const sha256InHex = /^[0-9a-f]{64}$/

/**
 * Parses a `Stripe-Signature` header: `t=<seconds>,v1=<hex>[,v1=<hex>][,v0=…]` (https://docs.stripe.com/webhooks#verify-manually).
 * Unknown schemes are ignored. A repeated `t` is refused, so that the checked time is the signed time.
 *
 * @returns null for a malformed header, a repeated or missing `t`, or a missing `v1`
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
