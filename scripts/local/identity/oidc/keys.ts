import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import { z } from 'zod'
import { createFileOnce, makePrivateFolder, readIfThere } from '../../shared/files.ts'

/** The stored keys of the provider. Sessions and tokens remain valid after a restart. */
export interface IdentityKeys {
  /** Private RSA key with `kid`, `alg` RS256 and `use` sig. */
  readonly signing: SigningKey
  /** The public part of the signing key. */
  readonly publicSigning: JWK
  readonly cookieSecrets: readonly string[]
}

const shape = z.object({
  signing: z.looseObject({
    kty: z.literal('RSA'),
    kid: z.string().min(1),
    alg: z.literal('RS256'),
    use: z.literal('sig'),
    n: z.string(),
    e: z.string(),
    d: z.string(),
  }),
  cookieSecrets: z.array(z.string().min(32)).min(1),
})

export type SigningKey = z.infer<typeof shape>['signing']

/**
 * Reads the keys, or creates them the first time.
 *
 * @param folder created for its owner only (0700); the file in it has the mode 0600
 * @throws Error that names the file if it is damaged. New keys would invalidate every issued token, so they are not created unasked.
 */
export async function loadKeys(folder: string): Promise<IdentityKeys> {
  await makePrivateFolder(folder)
  const file = path.join(folder, 'keys.json')
  const text = (await readIfThere(file)) ?? (await makeKeys(file))
  const kept = parseKeys(text)
  if (kept === null) {
    throw new Error(
      `The local signing keys in ${file} are damaged. Delete the file to create new ones. Everybody must then sign in again.`,
    )
  }
  const { kty, kid, alg, use, n, e } = kept.signing
  return { ...kept, publicSigning: { kty, kid, alg, use, n, e } }
}

function parseKeys(text: string): z.infer<typeof shape> | null {
  try {
    return shape.parse(JSON.parse(text))
  } catch {
    return null
  }
}

async function makeKeys(file: string): Promise<string> {
  const signing = await makeSigningKey()
  await createFileOnce(
    file,
    JSON.stringify({ signing, cookieSecrets: [randomBytes(32).toString('base64url')] }, null, 2),
  )
  return (await readIfThere(file)) ?? ''
}

async function makeSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'RS256', use: 'sig' }
}
