/** The identity provider did not answer. */
export class ProviderAway extends Error {
  constructor() {
    super('The sign-in service does not answer. Try again in a moment.')
  }
}

/** The provider knows this person no longer, or somebody else is signed in by now. */
export class SessionEnded extends Error {
  constructor() {
    super('Your session is over. Sign in again.')
  }
}
