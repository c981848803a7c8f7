import { createHash } from 'node:crypto'
import { personaByName, personaBySubject } from './personas.ts'

/** The profile of a member in Auth0's `/userinfo` and ID tokens. */
export interface Profile {
  readonly sub: string
  readonly name: string
  readonly nickname: string
  readonly picture: string
  readonly email: string
  readonly email_verified: boolean
}

/** The maximum length of a name, in characters. */
export const nameLength = 80

/** Cleans a typed name: one line without control characters, cut to the maximum length. May return an empty string. */
export function tidyName(typed: string): string {
  return [
    ...typed
      .normalize('NFC')
      .replace(/[\p{C}\s]+/gu, ' ')
      .trim(),
  ]
    .slice(0, nameLength)
    .join('')
    .trim()
}

/**
 * Returns the subject of a name: that of a persona, or else `auth0|` and the name in lower-case ASCII letters. If other characters are lost,
 * a digest is added, so that two different names never share an account.
 */
export function subjectOf(name: string): string {
  const tidy = tidyName(name)
  const persona = personaByName(tidy.toLowerCase())
  if (persona) return persona.subject
  const plain = tidy.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const slug = plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
  const short = slug.slice(0, 40)
  const isWhole = short === slug && slug !== '' && !/[^\p{ASCII}]/u.test(plain)
  if (isWhole) return `auth0|${short}`
  const digest = createHash('sha256').update(tidy).digest('hex').slice(0, 10)
  return `auth0|${[short, digest].filter(Boolean).join('-')}`
}

/**
 * Returns the profile of a subject. Every subject has one.
 *
 * @param typedName the name as a new member typed it; undefined for a token that was created without a sign-in
 */
export function profileOf(subject: string, typedName: string | undefined, issuer: string): Profile {
  const persona = personaBySubject(subject)
  const key = subject.slice(subject.indexOf('|') + 1)
  const name = persona?.displayName ?? typedName ?? titleCase(key)
  return {
    sub: subject,
    name,
    nickname: key,
    picture: `${issuer}pictures/${initials(name)}.svg`,
    email: persona?.email ?? `${key}@example.test`,
    // The address of a typed name was not verified.
    email_verified: persona !== undefined,
  }
}

/** Returns the `permissions` claim of a subject. Only some personas have permissions. */
export const permissionsOf = (subject: string): readonly string[] => personaBySubject(subject)?.permissions ?? []

const titleCase = (slug: string): string =>
  slug
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')

/** Returns up to two ASCII letters for the picture. */
function initials(name: string): string {
  const letters = name
    .normalize('NFKD')
    .toUpperCase()
    .split(/\s+/)
    .map((word) => /[A-Z]/.exec(word)?.[0] ?? '')
  return letters.join('').slice(0, 2) || 'X'
}

/** Draws the picture of a member: one or two initials on a colour that depends on them. */
export function pictureOf(initials: string): { headers: Record<string, string>; svg: string } {
  const hue = [...initials].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 360
  const headers = {
    'content-type': 'image/svg+xml',
    'cache-control': 'public, max-age=86400',
    'cross-origin-resource-policy': 'cross-origin',
    'content-security-policy': "default-src 'none'",
  }
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">' +
    `<rect width="96" height="96" fill="hsl(${hue} 45% 38%)"/>` +
    '<text x="48" y="62" font-family="sans-serif" font-size="40" fill="#fff" text-anchor="middle">' +
    `${initials}</text></svg>`
  return { headers, svg }
}
