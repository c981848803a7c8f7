import type { ReaderContext } from './context.ts'
import type { MemberReader } from './types.ts'

/**
 * The member who asks, for resolvers behind `isMember`. A field that lacks that rule ends here instead of acting for nobody.
 */
export async function theMember(ctx: ReaderContext): Promise<MemberReader> {
  const reader = await ctx.reader()
  if (reader.kind !== 'member' || reader.disabled)
    throw new Error('a resolver for members was called without an enabled member')
  return reader
}
