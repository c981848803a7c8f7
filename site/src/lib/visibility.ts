import type { Visibility } from '../graphql/operations.ts'

const words: Readonly<Record<Visibility, string>> = {
  PUBLIC: 'Free to read',
  MEMBERS: 'With an account',
  PAID: 'For members with a plan',
  PLANS: 'For members with a plan',
}

/** Who may read it, in the words of a list. */
export const lockWord = (visibility: Visibility): string => words[visibility] ?? 'For members'
