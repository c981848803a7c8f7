/**
 * The NOTIFY channel for changes of a member's memberships or account. The payload is the member's id. Triggers on the tables send the
 * notifications (prisma/migrations), so changes by other processes, commands and manual SQL are included.
 */
export const memberChangedChannel = 'member_changed'
