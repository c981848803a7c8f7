import type { ReaderContext } from './context.ts'
import { countCall } from './commands.ts'
import { currentMember } from './current-member.ts'
import type { MemberReader } from './types.ts'

export const membersResolvers = {
  Query: {
    viewer: async (_parent: unknown, _args: unknown, ctx: ReaderContext) => {
      const reader = await ctx.reader()
      return reader.kind === 'member' ? reader : null
    },
    ping: async (_parent: unknown, _args: unknown, ctx: ReaderContext) => {
      const member = await currentMember(ctx)
      const [counts, profile] = await Promise.all([countCall(ctx.db, member.memberId), ctx.profileOf(member)])
      return { greeting: `Hello, ${profile.name ?? 'reader'}!`, time: ctx.wallTime, ...counts }
    },
  },
  Viewer: {
    id: ({ memberId }: MemberReader) => memberId,
    name: ({ profile }: MemberReader) => profile.name,
    email: ({ profile }: MemberReader) => profile.email,
    picture: ({ profile }: MemberReader) => profile.picture,
    permissions: ({ permissions }: MemberReader) => [...permissions].sort(),
  },
}
