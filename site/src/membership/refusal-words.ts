/** What could not be done: `It was not cancelled.` */
export type Undone = string

/**
 * What is said when the API did not do what a button asked for, by the code that it answered.
 *
 * @param code    the API's; `NO_ANSWER`: nothing answered
 * @param message the API's own. Of CONFLICT it is written for readers, and knows best
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
      // It may have been done, and only the answer got lost.
      return 'Our server did not respond, so we don’t know whether that worked. Check this page again in a moment.'
    default:
      return `${undone} Something went wrong on our side. Try again in a moment.`
  }
}

/** What is said when a gift's code was not taken. */
export function redeemRefusal(code: string, message: string): string {
  if (code === 'NOT_FOUND' || code === 'BAD_USER_INPUT')
    return 'That code isn’t valid. Check it and try again. It may also have been redeemed or refunded.'
  return refusalWords(code, message, 'The code was not redeemed.')
}
