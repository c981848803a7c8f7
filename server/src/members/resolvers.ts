import type { Resolvers } from '../graphql/resolver-types.ts'
import { countCall } from './commands.ts'
import { theMember } from './the-member.ts'

export const membersResolvers: Resolvers = {
  Query: {
    viewer: async (_parent, _args, ctx) => {
      const reader = await ctx.reader()
      return reader.kind === 'member' ? reader : null
    },
    ping: async (_parent, _args, ctx) => {
      const member = await theMember(ctx)
      const [counts, profile] = await Promise.all([countCall(ctx.db, member.memberId), ctx.profileOf(member)])
      return { greeting: `Hello, ${profile.name ?? 'reader'}!`, time: ctx.wallTime, ...counts }
    },
  },
  Viewer: {
    id: ({ memberId }) => memberId,
    name: ({ profile }) => profile.name,
    email: ({ profile }) => profile.email,
    picture: ({ profile }) => profile.picture,
    permissions: ({ permissions }) => [...permissions].sort(),
  },
}
