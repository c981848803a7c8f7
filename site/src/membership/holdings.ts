import type { HeldMembershipFragment } from '../api/operations.ts'

// What a reader holds, as screens ask for it.

export type Held = HeldMembershipFragment

/** The membership that is paid for and not over: the one that runs before one whose first payment has not come through. */
export function paidMembership(memberships: readonly Held[]): Held | null {
  const paid = memberships.filter(({ source, status }) => source === 'PAYMENT' && status !== 'ENDED')
  return paid.find(({ status }) => status !== 'INCOMPLETE') ?? paid[0] ?? null
}

/** Those that nobody pays for and that run: gifts, and what the publisher gives. */
export const givenMemberships = (memberships: readonly Held[]): Held[] =>
  memberships.filter((held) => held.source !== 'PAYMENT' && isRunning(held))

export const endedMemberships = (memberships: readonly Held[]): Held[] =>
  memberships.filter(({ status }) => status === 'ENDED')

/** As its status says: whether it opens an article is in `Article.access`. */
export const isRunning = ({ status }: Pick<Held, 'status'>): boolean => status === 'ACTIVE' || status === 'TRIALING'

/** A payment is to be made. */
export const isFailing = ({ status }: Pick<Held, 'status'>): boolean =>
  status === 'PAST_DUE' || status === 'UNPAID' || status === 'INCOMPLETE'

/** Returns whether a gift code can still be redeemed. */
export const isRedeemable = ({ redeemedAt, voided }: { redeemedAt: string | null; voided: boolean }): boolean =>
  redeemedAt === null && !voided
