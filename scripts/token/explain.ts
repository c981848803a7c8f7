import { importJWK } from 'jose'
import { explainToken, type TokenExplanation } from '../../server/src/auth/index.ts'
import { createClock } from '../../server/src/lib/clock.ts'
import type { ScriptSettings } from '../env.ts'
import { loadKeys } from '../local/identity/oidc/keys.ts'
import { identitySettings } from '../local/identity/settings.ts'

/** The claims that are shown. The token itself is never shown, because people copy the output into reports. */
const shownClaims = ['iss', 'sub', 'aud', 'azp', 'scope', 'permissions', 'iat', 'exp'] as const

/**
 * Explains why the server accepts or refuses a token. For the local identity provider it uses the stored keys, so the provider need not
 * run. Otherwise it fetches the issuer's keys.
 */
export async function explain(token: string, settings: ScriptSettings): Promise<{ accepted: boolean; text: string }> {
  const bare = token.trim().replace(/^(authorization: *)?bearer +/i, '')
  const explanation = await explainToken(bare, {
    settings: settings.server.auth,
    clock: createClock(),
    ...(settings.usesLocalIdentity && { keys: await localKeys(identitySettings(settings).folder) }),
  })
  return { accepted: explanation.objections.length === 0, text: asText(explanation) }
}

async function localKeys(folder: string) {
  const { publicSigning, signing } = await loadKeys(folder)
  const key = await importJWK({ kty: 'RSA', n: signing.n, e: signing.e }, publicSigning.alg)
  return { find: async (kid: string) => (kid === signing.kid && !(key instanceof Uint8Array) ? key : null) }
}

function asText({ objections, notes, decodedUnverified }: TokenExplanation): string {
  const claims = decodedUnverified?.claims ?? {}
  return [
    objections.length === 0 ? 'The server accepts this token.' : 'The server refuses this token.',
    ...objections.flatMap(({ reason, expected, found, remedy }) => [
      '',
      `${reason}`,
      `  wanted: ${expected}`,
      `  found:  ${found}`,
      `  do:     ${remedy}`,
    ]),
    ...(notes.length > 0 ? ['', ...notes.map((note) => `Note: ${note}`)] : []),
    ...(decodedUnverified
      ? [
          '',
          'Claims of the token:',
          ...shownClaims.filter((name) => name in claims).map((name) => `  ${name}: ${shown(name, claims[name])}`),
        ]
      : []),
  ].join('\n')
}

/** Formats a claim as one short line without control characters. */
function shown(name: string, value: unknown): string {
  const isTime = (name === 'iat' || name === 'exp') && typeof value === 'number' && Math.abs(value) < 8.64e12
  const text = isTime ? `${value} (${new Date(value * 1000).toISOString()})` : (JSON.stringify(value) ?? '')
  return text.replace(/\p{C}/gu, '?').slice(0, 200)
}
