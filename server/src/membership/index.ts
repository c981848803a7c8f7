export { createChangeHub, type ChangeHub } from './change-hub.ts'
export { memberChangedChannel } from './changes.ts'
export {
  giveGiftMembership,
  grantMembership,
  revokeMembership,
  type ComplimentaryGrant,
  type Revocation,
  type Revoked,
} from './commands.ts'
export type { MembershipContext } from './context.ts'
export { createDecide, type Decide, type Decision } from './decide.ts'
export { staffPermission, stateOf } from './entitlement.ts'
export { createFollowViewer, type FollowViewer } from './follow-viewer.ts'
export { BodyGrant } from './grant.ts'
export { createMembershipLoaders, type MembershipLoaders } from './loaders.ts'
export { hadTrial, membershipColumns, membershipsOf } from './queries.ts'
export { refusalOf } from './refusal.ts'
export { putPaidMembership, voidGiftMembership } from './paid/commands.ts'
export { ImpossibleChange, type ImpossibleReason, type PaidMembership } from './paid/impossible-change.ts'
export { membershipResolvers } from './resolvers.ts'
export { membershipRules } from './rules.ts'
export { mayBecome } from './states.ts'
export type { Access, MembershipRow } from './types.ts'
