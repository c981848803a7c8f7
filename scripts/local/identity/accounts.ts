import { createHash } from 'node:crypto'
import { personaByName, personaBySubject } from './personas.ts'

/** Who somebody is, as Auth0's `/userinfo` and ID tokens tell it. */
export interface Profile {
  readonly sub: string
  readonly name: string
  readonly nickname: string
  readonly picture: string
  readonly email: string
  readonly email_verified: boolean
}

/** The longest name that is taken, in characters. */
export const nameLength = 80

/** A typed name as it is shown: one line without control characters, not too long; empty if nothing is left. */
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
 * The subject that a name signs in as: a persona's own, else `auth0|` and the name in small ASCII letters. What that loses
 * (other scripts, length) comes back as a digest, or two different names would share one account.
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
 * The profile of a subject. It exists for every subject: whoever holds a token of ours has an account.
 *
 * @param typedName how a new member wrote the name; unknown for a token made without signing in
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
    // Nobody checked the address of a name that was just typed; personas show the other case.
    email_verified: persona !== undefined,
  }
}

/** What a subject may do, for the `permissions` claim. Empty for everyone but the personas who have some. */
export const permissionsOf = (subject: string): readonly string[] => personaBySubject(subject)?.permissions ?? []

const titleCase = (slug: string): string =>
  slug
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')

/** Up to two ASCII letters, for the picture. */
function initials(name: string): string {
  const letters = name
    .normalize('NFKD')
    .toUpperCase()
    .split(/\s+/)
    .map((word) => /[A-Z]/.exec(word)?.[0] ?? '')
  return letters.join('').slice(0, 2) || 'X'
}
