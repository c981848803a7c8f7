import type { MembershipStatus } from '../../server/src/schema-types.ts'

/** A persona's membership, relative to the day of the seeding. */
export interface DemoHolding {
  readonly planSlug: string
  readonly status: MembershipStatus
  readonly startedAt: Date
  readonly currentPeriodEnd: Date
  readonly graceEndsAt: Date | null
  readonly endedAt: Date | null
}

const dayMilliseconds = 86_400_000

/**
 * The personas' memberships, one for each case of the access decision. Relative to the start of the day (UTC), so that a second seeding
 * on the same day changes nothing and adds nothing to the histories.
 */
export function demoHoldings(now: Date): ReadonlyMap<string, DemoHolding> {
  const today = Math.floor(now.getTime() / dayMilliseconds) * dayMilliseconds
  const day = (offset: number) => new Date(today + offset * dayMilliseconds)
  const active = (planSlug: string): DemoHolding => ({
    planSlug,
    status: 'ACTIVE',
    startedAt: day(-100),
    currentPeriodEnd: day(20),
    graceEndsAt: null,
    endedAt: null,
  })
  const supporter = active('supporter')
  return new Map([
    ['subscriber', supporter],
    ['patron', active('patron')],
    ['lapsed', { ...supporter, status: 'ENDED', currentPeriodEnd: day(-30), endedAt: day(-30) }],
    // The provider starts the next period while it retries. The paid period ended ten days ago.
    ['pastdue', { ...supporter, status: 'PAST_DUE', currentPeriodEnd: monthAfter(day(-10)), graceEndsAt: day(-3) }],
    // With a plan, to show that a disabled account has precedence over it.
    ['disabled', supporter],
  ])
}

function monthAfter(start: Date): Date {
  const end = new Date(start)
  end.setUTCMonth(end.getUTCMonth() + 1)
  if (end.getUTCDate() !== start.getUTCDate()) end.setUTCDate(0)
  return end
}

export const disabledPersonas: ReadonlySet<string> = new Set(['disabled'])
