import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import { z } from 'zod'
import { createFileOnce, makePrivateFolder, readIfThere } from '../shared/files.ts'

/** What the provider signs with. Kept, so that a restart signs nobody out. */
export interface IdentityKeys {
  /** RSA, with `kid`, `alg` RS256 and `use` sig; private. */
  readonly signing: SigningKey
  /** The same, without what is private. */
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
 * Reads the keys, or makes them the first time.
 *
 * @param folder made for its owner alone (0700); the file in it is 0600
 * @throws Error that names the file when it is damaged: making new keys unasked would refuse every token that is out
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
