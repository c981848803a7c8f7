import { buildCatalogue, type StoredPlan } from '../../src/catalogue/index.ts'
import { resolveRequirement } from '../../src/membership/requirement/resolve.ts'
import type { ResolvedRequirement } from '../../src/membership/entitlement.ts'
import type { MembershipRow, Requirement } from '../../src/membership/types.ts'
import { anonymous, type MemberReader, type Reader } from '../../src/members/index.ts'

// Values for tests of the access decision, which need no database.

export const now = new Date('2026-11-16T12:00:00.000Z')
export const hour = 3_600_000
/** Returns an instant relative to `now`. */
export const at = (milliseconds: number): Date => new Date(now.getTime() + milliseconds)

export function storedPlan(id: string, fields: Partial<StoredPlan> = {}): StoredPlan {
  const price = { amountMinor: 500, currency: 'EUR' }
  return {
    id,
    slug: id,
    name: id,
    description: '',
    onSale: true,
    monthly: price,
    yearly: null,
    benefits: [],
    trialDays: 0,
    directlyIncludes: [],
    ...fields,
  }
}

/** Patron includes Supporter. Founder is archived and includes Patron. Audio includes no plan. */
export const catalogue = buildCatalogue([
  storedPlan('supporter'),
  storedPlan('patron', { monthly: { amountMinor: 1500, currency: 'EUR' }, directlyIncludes: ['supporter'] }),
  storedPlan('founder', { onSale: false, directlyIncludes: ['patron'] }),
  storedPlan('audio', { monthly: { amountMinor: 900, currency: 'EUR' } }),
])

/** Returns a resolved requirement. @param what a visibility, or plan ids joined by "or" */
export function requirementFor(what: string): ResolvedRequirement {
  const named = what === 'PLANS of none' ? [] : what.split(' or ')
  const requirement: Omit<Requirement, 'id'> = ['PUBLIC', 'MEMBERS', 'PAID'].includes(what)
    ? { visibility: what as Requirement['visibility'], planIds: [] }
    : { visibility: 'PLANS', planIds: named }
  return resolveRequirement(requirement, catalogue)
}

/** Returns a membership. Default: a gift that started a day ago and ends in an hour. */
export function holds(planId: string, fields: Partial<Record<keyof MembershipRow, unknown>> = {}): MembershipRow {
  return {
    id: `membership-${planId}`,
    planId,
    status: 'ACTIVE',
    source: 'GIFT',
    startedAt: at(-24 * hour),
    currentPeriodEnd: at(hour),
    cancelAtPeriodEnd: false,
    graceEndsAt: null,
    endedAt: null,
    ...fields,
  } as MembershipRow
}

function member(fields: Partial<MemberReader> = {}): MemberReader {
  return {
    kind: 'member',
    memberId: 'member',
    subject: 'auth0|member',
    permissions: new Set(),
    disabled: false,
    profile: { name: null, email: null, picture: null },
    ...fields,
  }
}

const staff = new Set(['write:articles'])

export const readers = {
  anonymous,
  member: member(),
  'member with other permissions': member({ permissions: new Set(['read:members', 'manage:plans', 'write']) }),
  program: member({ subject: 'importer@clients' }),
  staff: member({ permissions: staff }),
  'staff program': member({ subject: 'importer@clients', permissions: staff }),
  disabled: member({ disabled: true }),
  'disabled staff': member({ disabled: true, permissions: staff }),
} satisfies Record<string, Reader>
