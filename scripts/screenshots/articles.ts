/** Pieces of the demo publication that the pictures show. */
export const articles = {
  open: 'introductory-remarks-on-the-importance-of-orthodoxy',
  members: 'compensation',
  paid: 'self-reliance',
  both: 'character',
  /** Paid, and soon at its paywall. */
  short: 'the-adventure-of-the-noble-bachelor',
} as const
