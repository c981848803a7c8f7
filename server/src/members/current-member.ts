import type { ReaderContext } from './context.ts'
import type { MemberReader } from './types.ts'

/**
 * Returns the member who sent the request, for resolvers of fields with the rule `isMember`.
 *
 * @throws Error for an anonymous reader or a disabled member: the field lacks that rule
 */
export async function currentMember(ctx: ReaderContext): Promise<MemberReader> {
  const reader = await ctx.reader()
  if (reader.kind !== 'member' || reader.disabled)
    throw new Error('a resolver for members was called without an enabled member')
  return reader
}
