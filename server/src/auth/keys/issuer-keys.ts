import { importJWK, type CryptoKey } from 'jose'
import { z } from 'zod'
import { FetchProblem, fetchJson } from './fetch-json.ts'
import { algorithm } from '../token/token-rules.ts'

/** The issuer's keys and endpoint from one fetch. */
export interface IssuerKeys {
  /** Public RSA signature keys. Never empty. */
  readonly byKid: ReadonlyMap<string, CryptoKey>
  /** Equal for equal sets of keys. */
  readonly fingerprint: string
  /** Null if the issuer names no endpoint that may receive tokens. */
  readonly userInfoEndpoint: string | null
}

/** Auth0's documents are smaller than 10 kB. */
const maxBytes = 256 * 1024
const mostKeys = 100
const longestKid = 256

/**
 * Fetches the issuer's keys that its discovery document names (OpenID Connect Discovery 1.0, section 4).
 *
 * @param issuer exactly as in `iss`
 * @throws FetchProblem, also if there is no usable key: an empty set must not replace the previous one
 */
export async function fetchIssuerKeys(issuer: string, signal: AbortSignal): Promise<IssuerKeys> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const found = discoveryDocument.safeParse(await fetchJson(address, { signal, maxBytes }))
  // Section 4.3: the document must name the same issuer. Otherwise another issuer's keys would be accepted.
  if (!found.success || found.data.issuer !== issuer) throw new FetchProblem('discovery_issuer_wrong')
  const discovery = found.data
  const keysAddress = acceptEndpoint(discovery.jwks_uri, issuer)
  if (keysAddress === null) throw new FetchProblem('discovery_endpoint_wrong')

  const keys = await readKeySet(await fetchJson(keysAddress, { signal, maxBytes }))
  if (keys.byKid.size === 0) throw new FetchProblem('no_usable_keys')
  return { ...keys, userInfoEndpoint: acceptEndpoint(discovery.userinfo_endpoint, issuer) }
}

const endpoint = z.string().nullable().catch(null)
const discoveryDocument = z.object({ issuer: z.string(), jwks_uri: endpoint, userinfo_endpoint: endpoint })

/** Accepts https addresses, and plain http only if the configured issuer uses plain http on the same host. */
function acceptEndpoint(value: string | null, issuer: string): string | null {
  if (value === null || !URL.canParse(value)) return null
  const { protocol, hostname } = new URL(value)
  const issuerAt = new URL(issuer)
  const trusted =
    protocol === 'https:' || (protocol === 'http:' && issuerAt.protocol === 'http:' && hostname === issuerAt.hostname)
  return trusted ? value : null
}

/** Reads the keys for RS256 signatures from a JSON Web Key Set (RFC 7517, section 5) and ignores all others. */
async function readKeySet(document: unknown): Promise<Pick<IssuerKeys, 'byKid' | 'fingerprint'>> {
  const listed = keySet.safeParse(document).data?.keys.slice(0, mostKeys) ?? []
  const byKid = new Map<string, CryptoKey>()
  const seen: string[] = []
  for (const one of listed) {
    const { data: jwk } = signatureKey.safeParse(one)
    if (jwk === undefined || byKid.has(jwk.kid)) continue
    const key = await importKey(jwk)
    if (key === null) continue
    byKid.set(jwk.kid, key)
    seen.push(JSON.stringify([jwk.kid, jwk.n, jwk.e]))
  }
  return { byKid, fingerprint: seen.sort().join('\n') }
}

/** Keys are parsed one by one, so an unknown kind of key does not invalidate the others. */
const keySet = z.object({ keys: z.array(z.unknown()) })
const absent = z.never().optional()
const signatureKey = z.object({
  kty: z.literal('RSA'),
  kid: z.string().min(1).max(longestKid),
  n: z.string(),
  e: z.string().max(8),
  use: z.literal('sig').optional(),
  alg: z.literal(algorithm).optional(),
  key_ops: z
    .array(z.unknown())
    .refine((operations) => operations.includes('verify'))
    .optional(),
  // A published private key is refused: anybody can sign with it.
  d: absent,
  p: absent,
  q: absent,
  dp: absent,
  dq: absent,
  qi: absent,
  oth: absent,
})

/** RFC 7518, section 3.3, requires at least 2,048 bits. Above 8,192 bits a verification takes too long. */
async function importKey({ n, e }: z.output<typeof signatureKey>): Promise<CryptoKey | null> {
  try {
    const key = await importJWK({ kty: 'RSA', n, e }, algorithm)
    const bits = 'modulusLength' in key.algorithm ? Number(key.algorithm.modulusLength) : 0
    return key.type === 'public' && bits >= 2048 && bits <= 8192 ? key : null
  } catch {
    return null
  }
}
