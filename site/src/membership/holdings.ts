import type { HeldMembershipFragment } from '../api/operations.ts'

// Questions that screens have about a reader's holdings.

export type Held = HeldMembershipFragment

/** Returns the membership that the reader pays for; null if there is none. One whose first payment is incomplete comes last. */
export function paidMembership(memberships: readonly Held[]): Held | null {
  const paid = memberships.filter(({ source, status }) => source === 'PAYMENT' && status !== 'ENDED')
  return paid.find(({ status }) => status !== 'INCOMPLETE') ?? paid[0] ?? null
}

/** Returns the running memberships without payment: gifts and complimentary grants. */
export const givenMemberships = (memberships: readonly Held[]): Held[] =>
  memberships.filter((held) => held.source !== 'PAYMENT' && isRunning(held))

export const endedMemberships = (memberships: readonly Held[]): Held[] =>
  memberships.filter(({ status }) => status === 'ENDED')

/** Returns whether a membership runs, by its status. Whether it opens an article is in `Article.access`. */
export const isRunning = ({ status }: Pick<Held, 'status'>): boolean => status === 'ACTIVE' || status === 'TRIALING'

/** Returns whether a membership waits for a payment. */
export const isFailing = ({ status }: Pick<Held, 'status'>): boolean =>
  status === 'PAST_DUE' || status === 'UNPAID' || status === 'INCOMPLETE'

/** Returns whether a gift code can still be redeemed. */
export const isRedeemable = ({ redeemedAt, voided }: { redeemedAt: string | null; voided: boolean }): boolean =>
  redeemedAt === null && !voided
