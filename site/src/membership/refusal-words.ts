/** A sentence that says what was not done, such as `Your plan wasn’t cancelled.` */
type Undone = string

/**
 * Returns the message for a reader whose action the API refused.
 *
 * @param code    the API's error code; `NO_ANSWER` if it did not answer
 * @param message the API's message. The message of CONFLICT is written for readers
 */
export function refusalWords(code: string, message: string, undone: Undone): string {
  switch (code) {
    case 'CONFLICT':
      return message
    case 'UNAUTHENTICATED':
      return `${undone} Your session has ended. Sign in again.`
    case 'ACCOUNT_DISABLED':
      return `${undone} This account is disabled. Contact the publisher.`
    case 'NOT_FOUND':
      return `${undone} It no longer exists. Reload this page.`
    case 'RATE_LIMITED':
      return `${undone} Too many requests. Try again in a minute.`
    case 'SERVICE_UNAVAILABLE':
    case 'AUTH_UNAVAILABLE':
      return `${undone} This isn’t available right now. Try again in a moment.`
    case 'NO_ANSWER':
      // The action may have succeeded, and only the answer was lost.
      return 'Our server did not respond, so we don’t know whether that worked. Check this page again in a moment.'
    default:
      return `${undone} Something went wrong on our side. Try again in a moment.`
  }
}

/** Returns the message for a reader whose gift code was refused. */
export function redeemRefusal(code: string, message: string): string {
  if (code === 'NOT_FOUND' || code === 'BAD_USER_INPUT')
    return 'That code isn’t valid. Check it and try again. It may also have been redeemed or refunded.'
  return refusalWords(code, message, 'The code wasn’t redeemed.')
}
