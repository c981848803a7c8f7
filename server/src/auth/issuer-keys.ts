import { importJWK, type CryptoKey } from 'jose'
import { FetchProblem, fetchJson } from './fetch-json.ts'

/** What the issuer published at one moment. */
export interface IssuerKeys {
  /** Public RSA signature keys. Never empty. */
  readonly byKid: ReadonlyMap<string, CryptoKey>
  /** The same for the same keys. */
  readonly fingerprint: string
  /** Null where the issuer names none that may be trusted with a token. */
  readonly userInfoEndpoint: string | null
}

/** Auth0's documents are below 10 kB. */
const maxBytes = 256 * 1024
const mostKeys = 100
const longestKid = 256

/**
 * Fetches the issuer's keys by way of its discovery document (OpenID Connect Discovery 1.0, section 4).
 *
 * @param issuer as it stands in `iss`
 * @throws FetchProblem, also when no usable key is among them: an empty set must never replace a good one
 */
export async function fetchIssuerKeys(issuer: string, signal: AbortSignal): Promise<IssuerKeys> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const discovery = await fetchJson(address, { signal, maxBytes })
  // Section 4.3: it must name itself exactly so, or somebody else's keys would sign for it.
  if (!isRecord(discovery) || discovery.issuer !== issuer) throw new FetchProblem('discovery_issuer_wrong')
  const keysAddress = acceptEndpoint(discovery.jwks_uri, issuer)
  if (keysAddress === null) throw new FetchProblem('discovery_endpoint_wrong')

  const keys = await readKeySet(await fetchJson(keysAddress, { signal, maxBytes }))
  if (keys.byKid.size === 0) throw new FetchProblem('no_usable_keys')
  return { ...keys, userInfoEndpoint: acceptEndpoint(discovery.userinfo_endpoint, issuer) }
}

/** Plain http passes only where the issuer itself, by its settings, is a plain http address on this machine. */
function acceptEndpoint(value: unknown, issuer: string): string | null {
  if (typeof value !== 'string' || !URL.canParse(value)) return null
  const { protocol, hostname } = new URL(value)
  const issuerAt = new URL(issuer)
  const trusted =
    protocol === 'https:' || (protocol === 'http:' && issuerAt.protocol === 'http:' && hostname === issuerAt.hostname)
  return trusted ? value : null
}

/** Takes what can verify RS256 from a JSON Web Key Set (RFC 7517, section 5), and passes over all the rest. */
async function readKeySet(document: unknown): Promise<Pick<IssuerKeys, 'byKid' | 'fingerprint'>> {
  const listed = isRecord(document) && Array.isArray(document.keys) ? document.keys.slice(0, mostKeys) : []
  const byKid = new Map<string, CryptoKey>()
  const seen: string[] = []
  for (const jwk of listed) {
    if (!isSignatureKey(jwk) || byKid.has(jwk.kid)) continue
    const key = await importKey(jwk)
    if (key === null) continue
    byKid.set(jwk.kid, key)
    seen.push(JSON.stringify([jwk.kid, jwk.n, jwk.e]))
  }
  return { byKid, fingerprint: seen.sort().join('\n') }
}

interface SignatureKey {
  readonly kid: string
  readonly n: string
  readonly e: string
}

function isSignatureKey(jwk: unknown): jwk is SignatureKey {
  if (!isRecord(jwk) || jwk.kty !== 'RSA') return false
  // A published private key signs for anybody who read it: no trust in what it signed.
  if (['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'].some((member) => member in jwk)) return false
  if (typeof jwk.kid !== 'string' || jwk.kid === '' || jwk.kid.length > longestKid) return false
  if (typeof jwk.n !== 'string' || typeof jwk.e !== 'string' || jwk.e.length > 8) return false
  if (jwk.use !== undefined && jwk.use !== 'sig') return false
  if (jwk.alg !== undefined && jwk.alg !== 'RS256') return false
  return jwk.key_ops === undefined || (Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify'))
}

/** RFC 7518, section 3.3: 2,048 bits at least. Above 8,192 each verification would cost too much. */
async function importKey({ n, e }: SignatureKey): Promise<CryptoKey | null> {
  try {
    const key = await importJWK({ kty: 'RSA', n, e }, 'RS256')
    const bits = 'modulusLength' in key.algorithm ? Number(key.algorithm.modulusLength) : 0
    return key.type === 'public' && bits >= 2048 && bits <= 8192 ? key : null
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
