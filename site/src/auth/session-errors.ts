/** The identity provider did not answer. */
export class ProviderUnavailable extends Error {
  constructor() {
    super('The sign-in service is not responding. Try again in a moment.')
  }
}

/** The session has ended, or another person has signed in since. */
export class SessionEnded extends Error {
  constructor() {
    super('Your session has ended. Sign in again.')
  }
}

/** Nobody can sign in in this browser at this address. @see https://w3c.github.io/webappsec-secure-contexts/ */
export class SignInImpossible extends Error {
  constructor(isSecureContext: boolean) {
    super(
      isSecureContext
        ? 'Signing in doesn’t work in this browser. You can still read free articles.'
        : 'Signing in needs a secure connection. Open this site at its https:// address. You can still read free articles here.',
    )
  }
}
