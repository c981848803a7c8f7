import type { FailureCause } from '../api/errors.ts'

interface LoadProblemWords {
  readonly title: string
  readonly text: string
  readonly step: 'again' | 'sign-in'
}

/** Returns the message and the next step. @param what `The rest of this article`, `The list` … */
export function loadProblemWords(cause: FailureCause, what: string): LoadProblemWords {
  switch (cause) {
    case 'api':
      return {
        title: `${what} can’t be loaded right now`,
        text: 'Our server is not responding. We’ll keep trying, and the page will update by itself.',
        step: 'again',
      }
    case 'busy':
      return {
        title: `${what} will take a moment`,
        text: 'Your connection sent too many requests in one minute. We’ll try again shortly, and the page will update by itself.',
        step: 'again',
      }
    case 'provider':
      return {
        title: `${what} can’t be loaded right now`,
        text: 'The sign-in service is not responding, so we can’t confirm who you are. We’ll keep trying, and the page will update by itself.',
        step: 'again',
      }
    case 'session':
      return {
        title: 'Your session has ended',
        text: `Sign in again to see ${what.toLowerCase()}. You’ll return to this page.`,
        step: 'sign-in',
      }
    case 'refused':
      return {
        title: 'Our server doesn’t accept this sign-in',
        text: 'Sign in again. If that doesn’t help, contact the publisher.',
        step: 'sign-in',
      }
  }
}
