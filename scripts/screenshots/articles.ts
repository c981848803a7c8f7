/** Pieces of the demo publication that the pictures show. */
export const articles = {
  open: 'introductory-remarks-on-the-importance-of-orthodoxy',
  members: 'compensation',
  paid: 'self-reliance',
  both: 'character',
  /** For Supporters, and soon at its paywall. */
  short: 'the-redheaded-league',
} as const
