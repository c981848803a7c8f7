/**
 * Where the database tells that a member's memberships or standing changed; the payload is the member's id. Triggers on both
 * tables tell it (prisma/migrations), so that whoever writes is heard: another process, a command, a hand.
 */
export const memberChangedChannel = 'member_changed'
