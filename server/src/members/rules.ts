import type { ReaderContext } from './context.ts'
import { CodedError } from '../lib/errors.ts'
import { allow, rule, type AnyRule, type RuleMap } from '../lib/shield.ts'

type Verdict = true | CodedError

/**
 * Creates a rule about the reader. It returns its refusals, because graphql-shield drops the code of a thrown one. It is not cached:
 * graphql-shield would apply the result for one object to all others.
 */
export function readerRule<Ctx extends ReaderContext>(name: string, judge: (ctx: Ctx) => Promise<Verdict>): AnyRule {
  return rule(name)(async (_parent, _args, ctx: Ctx) => {
    try {
      return await judge(ctx)
    } catch (error) {
      return new CodedError('SERVICE_UNAVAILABLE', 'Your account could not be looked up. Try again.', {
        cause: error,
      })
    }
  })
}

/** Returns true for a member whose account is enabled, or the refusal. */
export async function requireMember(ctx: ReaderContext): Promise<Verdict> {
  const reader = await ctx.reader()
  if (reader.kind === 'anonymous') return new CodedError('UNAUTHENTICATED', 'Sign in first.')
  return reader.disabled ? new CodedError('ACCOUNT_DISABLED', 'This account is disabled.') : true
}

export const isMember = readerRule('isMember', requireMember)

/** Allows everybody except disabled members. Anonymous readers get null without an error. */
const isNotDisabled = readerRule('isNotDisabled', async (ctx) => {
  const reader = await ctx.reader()
  return reader.kind === 'member' ? requireMember(ctx) : true
})

/** By permission. graphql-shield refuses two rules with the same name. */
const permissionRules = new Map<string, AnyRule>()

/** Returns the rule that requires a permission in the verified token. The refusal names the permission. */
export function hasPermission(permission: string): AnyRule {
  const known = permissionRules.get(permission)
  if (known) return known
  const made = readerRule(`hasPermission(${permission})`, async (ctx) => {
    const member = await requireMember(ctx)
    if (member !== true || ctx.identity?.permissions.has(permission)) return member
    return new CodedError('FORBIDDEN', `The permission ${permission} is required.`, { extensions: { permission } })
  })
  permissionRules.set(permission, made)
  return made
}

export const membersRules: RuleMap = {
  Query: { viewer: isNotDisabled, ping: isMember },
  Viewer: { id: allow, subject: allow, name: allow, email: allow, picture: allow, permissions: allow },
  Ping: { greeting: allow, time: allow, calls: allow, callsByEveryone: allow },
}
