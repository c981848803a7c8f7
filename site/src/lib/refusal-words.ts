/** What could not be done: `It was not cancelled.` */
export type Undone = string

/**
 * What is said when the API did not do what a button asked for, by the code that it answered.
 *
 * @param code    the API's; `AWAY`: nothing answered
 * @param message the API's own. Of CONFLICT it is written for readers, and knows best
 */
export function refusalWords(code: string, message: string, undone: Undone): string {
  switch (code) {
    case 'CONFLICT':
      return message
    case 'UNAUTHENTICATED':
      return `${undone} Your session is over: sign in again.`
    case 'ACCOUNT_DISABLED':
      return `${undone} This account is disabled; only the publisher can say why.`
    case 'NOT_FOUND':
      return `${undone} It is no longer there: load this page again.`
    case 'RATE_LIMITED':
      return `${undone} Too many questions came from here: try again in a minute.`
    case 'SERVICE_UNAVAILABLE':
    case 'AUTH_UNAVAILABLE':
      return `${undone} The payment service, or our way to it, does not answer: try again in a moment.`
    case 'AWAY':
      // It may have been done, and only the answer got lost.
      return 'Our server did not answer, so it cannot be said whether that was done. Preferences here again in a moment.'
    default:
      return `${undone} Something went wrong on our side: try again in a moment.`
  }
}

/** What is said when a gift's code was not taken. */
export function redeemRefusal(code: string, message: string): string {
  if (code === 'NOT_FOUND' || code === 'BAD_USER_INPUT')
    return 'This code is not good. Preferences for a letter too many or too few; or it was redeemed already, or taken back.'
  return refusalWords(code, message, 'The code was not redeemed, and is as good as before.')
}
