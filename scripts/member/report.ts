import { stateOf, type MembershipRow } from '../../server/src/membership/index.ts'

interface MemberFacts {
  /** The action that was executed, or null. */
  readonly done: string | null
  readonly subject: string
  readonly issuer: string
  readonly member: {
    readonly id: string
    readonly disabledAt: Date | null
    readonly name: string | null
    readonly email: string | null
  }
  readonly memberships: readonly MembershipRow[]
  readonly now: Date
  readonly plans: readonly { readonly id: string; readonly slug: string; readonly name: string }[]
}

/** Returns a report about a member: identity, status of the account, and all memberships. */
export function memberReport({ done, subject, issuer, member, memberships, plans, now }: MemberFacts): string {
  const planOf = ({ planId }: MembershipRow) => plans.find(({ id }) => id === planId)?.slug ?? planId
  const width = Math.max(0, ...memberships.map((one) => planOf(one).length)) + 2
  const held = memberships.map((one) => `${planOf(one).padEnd(width)}${standingOf(one, now)}`)
  const profile = [member.name, member.email && `<${member.email}>`].filter(Boolean).join(' ')
  const rows: [string, string][] = [
    ['who', `${subject} of ${issuer}`],
    ['id', member.id],
    ...(profile === '' ? [] : [['profile', profile] satisfies [string, string]]),
    [
      'account',
      member.disabledAt ? `DISABLED since ${instant(member.disabledAt)}: can read public articles only` : 'enabled',
    ],
    ['holds', held[0] ?? 'nothing'],
    ...held.slice(1).map((line): [string, string] => ['', line]),
  ]
  return [...(done === null ? [] : [done]), ...rows.map(([label, text]) => `  ${label.padEnd(9)}${text}`)].join('\n')
}

function standingOf(membership: MembershipRow, now: Date): string {
  const { status, source, currentPeriodEnd, cancelAtPeriodEnd, endedAt, graceEndsAt } = membership
  const words = [`${status.toLowerCase().replace('_', ' ')} (${source.toLowerCase()})`]
  const runs = status === 'ACTIVE' || status === 'TRIALING'
  const lastEnd = graceEndsAt ?? currentPeriodEnd
  // The end of a period or a grace period is not recorded as a change.
  if (runs && lastEnd && stateOf(membership, now).kind === 'over') {
    return `over (${source.toLowerCase()}), since ${instant(lastEnd)}`
  }
  if (endedAt) words.push(`since ${instant(endedAt)}`)
  else if (graceEndsAt && !(runs && currentPeriodEnd && now < currentPeriodEnd))
    words.push(`grace until ${instant(graceEndsAt)}`)
  else if (currentPeriodEnd)
    words.push(`${cancelAtPeriodEnd || source !== 'PAYMENT' ? 'until' : 'paid until'} ${instant(currentPeriodEnd)}`)
  else words.push('without end')
  return words.join(', ')
}

const instant = (date: Date): string => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
