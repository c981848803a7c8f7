import type { MembershipStatus } from '../../server/src/schema-types.ts'

/** What a persona holds, relative to the day of the seeding. */
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
 * Who holds what: the demo's answer to each of the decision's cases. Counted from the beginning of the day (UTC), so that a
 * second seeding on the same day finds everything as it should be and adds nothing to the histories.
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
    // The provider goes on to the next period while it tries again: what was paid for ended ten days ago.
    ['pastdue', { ...supporter, status: 'PAST_DUE', currentPeriodEnd: monthAfter(day(-10)), graceEndsAt: day(-3) }],
    // A plan that would open what the disabling closes: otherwise one could not see that disabling goes first.
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
