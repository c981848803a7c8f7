export type Claims = Readonly<Record<string, unknown>>

/** Decodes the claims of a token without verifying it. No decision depends on them, because the server verifies the token. */
export function decodeUnverified(token: string): Claims {
  try {
    const part = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    const bytes = Uint8Array.from(atob(part), (character) => character.charCodeAt(0))
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? (claims as Claims) : {}
  } catch {
    return {}
  }
}

export const subjectOf = (token: string): string | undefined => {
  const { sub } = decodeUnverified(token)
  return typeof sub === 'string' ? sub : undefined
}
