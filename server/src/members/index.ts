export {
  addBookmark,
  ensureMember,
  lockMember,
  removeBookmark,
  setDisabled,
  type NewMember,
  type StoredProfile,
} from './commands.ts'
export type { ReaderContext } from './context.ts'
export { createMembersLoaders, type MembersLoaders } from './loaders.ts'
export { createProfileRefresher, type ProfileRefresher } from './profile.ts'
export { contactOf, disabledAt, memberByIdentity, memberExists } from './queries.ts'
export { createReaderSource, type ReaderSource } from './reader.ts'
export { membersResolvers } from './resolvers.ts'
export { hasPermission, isMember, membersRules, readerRule, requireMember } from './rules.ts'
export { currentMember } from './current-member.ts'
export { anonymous, type Anonymous, type MemberReader, type Profile, type Reader } from './types.ts'
