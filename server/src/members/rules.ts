import type { ReaderContext } from './context.ts'
import { CodedError } from '../lib/errors.ts'
import { allow, rule, type AnyRule, type RuleMap } from '../lib/shield.ts'

type Verdict = true | CodedError

/**
 * A rule on who asks. It returns its refusals: what a rule throws loses its code. It is not cached: a cached answer of one
 * object would be given for all.
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

/** A member in good standing asks. */
export async function requireMember(ctx: ReaderContext): Promise<Verdict> {
  const reader = await ctx.reader()
  if (reader.kind === 'anonymous') return new CodedError('UNAUTHENTICATED', 'Sign in first.')
  return reader.disabled ? new CodedError('ACCOUNT_DISABLED', 'This account is disabled.') : true
}

export const isMember = readerRule('isMember', requireMember)

/** Anyone but a disabled member: anonymous readers get their honest null. */
const isNotDisabled = readerRule('isNotDisabled', async (ctx) => {
  const reader = await ctx.reader()
  return reader.kind === 'member' ? requireMember(ctx) : true
})

/** By permission: the library takes two rules of one name for a mistake. */
const permissionRules = new Map<string, AnyRule>()

/** The permission is in the verified token; its name is in the refusal. */
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
