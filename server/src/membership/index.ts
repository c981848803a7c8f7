export { createChangeHub, type ChangeHub } from './live/change-hub.ts'
export { memberChangedChannel } from './live/changes.ts'
export {
  giveGiftMembership,
  grantMembership,
  revokeMembership,
  type ComplimentaryGrant,
  type Revocation,
  type Revoked,
} from './commands.ts'
export type { MembershipContext } from './context.ts'
export { createDecide, grantForPublisher, type Decide, type Decision } from './decide.ts'
export { staffPermission, stateOf } from './entitlement.ts'
export { createFollowViewer, type FollowViewer } from './live/follow-viewer.ts'
export { BodyGrant } from './grant.ts'
export { createMembershipLoaders, type MembershipLoaders } from './loaders.ts'
export { hadTrial, membershipColumns, membershipsByIds, membershipsOf } from './queries.ts'
export { refusalOf } from './refusal.ts'
export { savePaidMembership, voidGiftMembership } from './paid/commands.ts'
export { ImpossibleChange, type ImpossibleReason, type PaidMembership } from './paid/impossible-change.ts'
export { writeRequirement } from './requirement/commands.ts'
export { lastRequirements, type StoredRequirement } from './requirement/queries.ts'
export { membershipResolvers } from './resolvers.ts'
export { membershipRules } from './rules.ts'
export { countingMembership, heldStatuses, isHeld, mayBecome } from './states.ts'
export type { Access, ArticleDates, MembershipRow, Requirement } from './types.ts'
