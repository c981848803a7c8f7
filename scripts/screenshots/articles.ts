/** Articles of the demo publication in the pictures. */
export const articles = {
  open: 'introductory-remarks-on-the-importance-of-orthodoxy',
  members: 'compensation',
  paid: 'self-reliance',
  both: 'character',
  /** For Supporters, with a short preview. */
  short: 'the-redheaded-league',
} as const
