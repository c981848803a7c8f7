/** Why nothing came. */
export type Cause =
  /** The API did not answer, or cannot now. */
  | 'api'
  /** It has had enough questions from here for the moment. */
  | 'busy'
  /** The identity provider did not answer, so there is no token to ask with. */
  | 'provider'
  /** The session is over. */
  | 'session'
  /** The API does not take the token, nor a fresh one. */
  | 'refused'

export interface TroubleWords {
  readonly title: string
  readonly text: string
  readonly step: 'again' | 'sign-in'
}

/** What the reader is told, and the one thing to do. @param what `The rest`, `The list` … */
export function troubleWords(cause: Cause, what: string): TroubleWords {
  switch (cause) {
    case 'api':
      return {
        title: `${what} cannot be fetched just now`,
        text: 'Our server does not answer. It is no fault of yours, and what you hold is not touched. We keep trying; it comes by itself.',
        step: 'again',
      }
    case 'busy':
      return {
        title: `${what} has to wait a moment`,
        text: 'Too many questions came from your connection in one minute. We ask again as soon as we may; it comes by itself.',
        step: 'again',
      }
    case 'provider':
      return {
        title: `${what} cannot be fetched just now`,
        text: 'The sign-in service does not answer, so our server cannot know that it is you. We keep trying; it comes by itself.',
        step: 'again',
      }
    case 'session':
      return {
        title: 'Your session is over',
        text: `${what} opens again when you have signed in again; you come back to this very place.`,
        step: 'sign-in',
      }
    case 'refused':
      return {
        title: 'Our server does not know this sign-in',
        text: 'It does not take what the sign-in service gave you. Sign in once more; if that does not help, only the publisher can mend it.',
        step: 'sign-in',
      }
  }
}

/** Whether asking again by itself may help. */
export const passes = (cause: Cause): boolean => cause === 'api' || cause === 'busy' || cause === 'provider'
