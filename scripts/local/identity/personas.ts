/** A demo account of the local identity provider. The seed of the demo defines its memberships, relative to the day of the start. */
export interface Persona {
  /** The name at the sign-in: `--as subscriber`, `login_hint=subscriber`. */
  readonly name: string
  /** The token's `sub`. */
  readonly subject: string
  readonly displayName: string
  readonly email: string
  readonly permissions: readonly string[]
  /** One line for the sign-in page, the terminal and the docs. */
  readonly description: string
}

function persona(name: string, displayName: string, description: string, permissions: string[] = []): Persona {
  return { name, subject: `auth0|${name}`, displayName, email: `${name}@example.test`, permissions, description }
}

/** The accounts that the sign-in page offers by name. */
export const personas: readonly Persona[] = [
  persona('reader', 'Robin Reader', 'An account and no plan.'),
  persona('subscriber', 'Sam Subscriber', 'Holds the Supporter plan.'),
  persona('patron', 'Pat Patron', 'Holds the Patron plan, which includes Supporter.'),
  persona('lapsed', 'Lee Lapsed', 'Was a Supporter until last month.'),
  persona('pastdue', 'Parker Pastdue', 'A Supporter whose payment failed; the grace period is over.'),
  persona('disabled', 'Drew Disabled', 'An account that the publisher has disabled.'),
  persona('editor', 'Edie Editor', 'Writes articles, sees members, manages plans.', [
    'write:articles',
    'read:members',
    'manage:plans',
  ]),
]

export const personaByName = (name: string): Persona | undefined => personas.find((one) => one.name === name)

export const personaBySubject = (subject: string): Persona | undefined =>
  personas.find((one) => one.subject === subject)
