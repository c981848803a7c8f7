import { subscribedMemberships } from '../../server/src/billing/index.ts'
import type { Database } from '../../server/src/db/index.ts'
import { ensureMember, memberByIdentity, setDisabled } from '../../server/src/members/index.ts'
import { planNames, storedPlans } from '../../server/src/catalogue/index.ts'
import { grantMembership, membershipsOf, revokeMembership, type Revoked } from '../../server/src/membership/index.ts'
import { ScriptError } from '../run-script.ts'
import type { MemberRequest } from './arguments.ts'
import { memberReport } from './report.ts'

/**
 * Executes a request with the server's own commands.
 *
 * @returns a report of the new state
 * @throws ScriptError or BAD_USER_INPUT that says what to change
 */
export async function actOnMember(db: Database, request: MemberRequest, now: Date): Promise<string> {
  const done = await act(db, request, now)
  const member = await known(db, request)
  const [memberships, plans] = await Promise.all([membershipsOf(db, member.id), storedPlans(db, now)])
  return memberReport({ done, subject: request.subject, issuer: request.issuer, member, memberships, plans, now })
}

/** Executes the action. @returns a message, or null if there was nothing to do */
async function act(db: Database, request: MemberRequest, now: Date): Promise<string | null> {
  const { action, subject, issuer, plan, until, cause } = request
  switch (action) {
    case 'grant': {
      if (plan === undefined) throw new ScriptError('--plan is missing.')
      await refuseUnknownPlan(db, plan)
      const { id } = await ensureMember(db, { issuer, subject, isProgram: subject.endsWith('@clients') }, now)
      await grantMembership(db, { memberId: id, planSlug: plan, until }, cause, now)
      return `Granted ${plan}.`
    }
    case 'revoke': {
      const { id } = await known(db, request)
      // Memberships are read first. A purchase made after that is in neither list and is not ended.
      const held = await membershipsOf(db, id)
      const subscribed = new Set(await subscribedMemberships(db, id))
      const paidToEnd = held.filter((one) => one.source === 'PAYMENT' && !subscribed.has(one.id)).map((one) => one.id)
      const revocation = { memberId: id, planSlug: plan, paidToEnd }
      return revokedInWords(await revokeMembership(db, revocation, cause, now), plan)
    }
    case 'disable':
    case 'enable': {
      const { id } = await known(db, request)
      const changed = await setDisabled(db, id, action === 'disable', cause, now)
      const done = changed ? `${action === 'disable' ? 'Disabled' : 'Enabled'}.` : `The account was already ${action}d.`
      if (action === 'enable' || !(await isCharged(db, id))) return done
      return `${done}\nThe member is still charged and cannot cancel on the site while disabled. Cancel the subscription at the payment provider.`
    }
    case 'show':
      return null
  }
}

/** The statuses in which the provider charges the member. */
const charged: ReadonlySet<string> = new Set(['TRIALING', 'ACTIVE', 'PAST_DUE'])

/** Returns whether the provider still charges the member, which disabling does not stop. */
async function isCharged(db: Database, memberId: string): Promise<boolean> {
  const memberships = await membershipsOf(db, memberId)
  return memberships.some(
    ({ source, status, cancelAtPeriodEnd }) => source === 'PAYMENT' && charged.has(status) && !cancelAtPeriodEnd,
  )
}

/** Describes a revocation. Paid memberships are not ended, because the provider would still charge them. */
function revokedInWords({ ended, stillPaid }: Revoked, plan: string | undefined): string {
  const lines: string[] = []
  if (ended.length > 0) lines.push(`Revoked ${ended.length === 1 ? 'one membership' : `${ended.length} memberships`}.`)
  if (stillPaid.length > 0) {
    lines.push(
      'Paid memberships are not revoked. Cancel them at the payment provider, and refund them there if necessary. They then end here automatically.',
    )
  }
  return lines.join('\n') || `There is no membership${plan === undefined ? '' : ` of ${plan}`} to revoke.`
}

/** Checks the plan before anything is written, so that a mistyped plan does not create a member. */
async function refuseUnknownPlan(db: Database, slug: string): Promise<void> {
  const slugs = (await planNames(db)).map((plan) => plan.slug).sort()
  if (slugs.includes(slug)) return
  const there =
    slugs.length === 0
      ? 'There are no plans yet. npm run db:seed -- --plans creates two.'
      : `The plans are: ${slugs.join(', ')}.`
  throw new ScriptError(`There is no plan "${slug}". ${there}`)
}

async function known(db: Database, { subject, issuer }: MemberRequest) {
  const member = await memberByIdentity(db, issuer, subject)
  if (member) return member
  throw new ScriptError(
    `No member has the subject ${subject} of ${issuer}. Check --sub and --issuer. The command grant creates a member.`,
  )
}
