import type { Identity } from '../auth/index.ts'
import type { Database } from '../db/index.ts'
import { ensureMember, type StoredProfile } from './commands.ts'
import type { ProfileRefresher } from './profile.ts'
import { anonymous, type MemberReader, type Profile, type Reader } from './types.ts'

interface ReaderOptions {
  readonly db: Database
  readonly identity: Identity | null
  /** Business time, for the creation of a new member. */
  readonly now: Date
  readonly profiles: ProfileRefresher
  /** Fetches the profile of the token's user from the identity provider. */
  readonly fetchProfile: () => Promise<StoredProfile>
}

export interface ReaderSource {
  /** Returns the reader. Looked up on first use and cached. A due profile is fetched in the background. */
  readonly reader: () => Promise<Reader>
  /** Returns a member's profile. Waits for the fetch if there is no profile yet, so that the first greeting has the name. */
  readonly profileOf: (member: MemberReader) => Promise<Profile>
}

/** Creates the lookup of one request's reader. */
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
