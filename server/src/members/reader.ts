import type { Identity } from '../auth/index.ts'
import type { Database } from '../db/index.ts'
import { ensureMember, type StoredProfile } from './commands.ts'
import type { ProfileRefresher } from './profile.ts'
import { anonymous, type MemberReader, type Profile, type Reader } from './types.ts'

export interface ReaderOptions {
  readonly db: Database
  readonly identity: Identity | null
  /** Business time: when a first-seen member was made. */
  readonly now: Date
  readonly profiles: ProfileRefresher
  /** Asks the identity provider who this token's person is. */
  readonly fetchProfile: () => Promise<StoredProfile>
}

export interface ReaderSource {
  /** Who asks; looked up on first use and remembered. A profile that is due is asked for in the background. */
  readonly reader: () => Promise<Reader>
  /** A member's profile; the very first one is waited for, so that a greeting knows the name. */
  readonly profileOf: (member: MemberReader) => Promise<Profile>
}

/** Of one request. */
export function createReaderSource({ db, identity, now, profiles, fetchProfile }: ReaderOptions): ReaderSource {
  let reader: Promise<Reader> | undefined
  let firstProfile: Promise<Profile | null> | undefined

  async function find(who: Identity): Promise<Reader> {
    const { issuer, subject, isProgram } = who
    const member = await ensureMember(db, { issuer, subject, isProgram }, now)
    if (who.mayReadProfile) {
      const refresh = profiles.refresh(member, fetchProfile)
      if (member.profileFetchedAt === null) firstProfile = refresh
    }
    return {
      kind: 'member',
      memberId: member.id,
      subject,
      permissions: who.permissions,
      disabled: member.disabledAt !== null,
      profile: { name: member.name, email: member.email, picture: member.picture },
    }
  }

  return {
    reader: () => (reader ??= identity === null ? Promise.resolve(anonymous) : find(identity)),
    profileOf: async (member) => (await firstProfile) ?? member.profile,
  }
}
