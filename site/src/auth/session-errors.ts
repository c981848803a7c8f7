/** The identity provider did not answer. */
export class ProviderUnavailable extends Error {
  constructor() {
    super('The sign-in service is not responding. Try again in a moment.')
  }
}

/** The provider knows this person no longer, or somebody else is signed in by now. */
export class SessionEnded extends Error {
  constructor() {
    super('Your session has ended. Sign in again.')
  }
}

/** There is no sign-in in this browser, at this address. @see https://w3c.github.io/webappsec-secure-contexts/ */
export class SignInImpossible extends Error {
  constructor(isSecureContext: boolean) {
    super(
      isSecureContext
        ? 'Signing in does not work in this browser. Everything that is free to read still does.'
        : 'Signing in needs a secure connection. Open this site at its https:// address. Everything that is free to read works here too.',
    )
  }
}
