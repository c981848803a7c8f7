import type { Database } from '../db/index.ts'
import type { Clock } from '../lib/clock.ts'
import { claimProfileAttempt, storeProfile, type StoredProfile } from './commands.ts'
import type { MemberRow } from './queries.ts'
import type { Profile } from './types.ts'

/** Minimum time between two fetches of a member's profile, after a failure too. Auth0 allows about 5 calls a minute per user. */
const profileMaxAgeMilliseconds = 20 * 60 * 1000
/** Limit of one process, for all members. Auth0's free plan allows 300 calls of any kind a minute. */
const mostCallsASecond = 4

interface ProfileRefresherOptions {
  readonly db: Database
  readonly clock: Clock
  readonly onFailure: (error: unknown) => void
}

export interface ProfileRefresher {
  /**
   * Fetches and stores a member's profile if it is due.
   *
   * @param fetchProfile fetches the profile; not called if none is due, or if the limit of calls in this second is reached
   * @returns the new profile, or null if none was fetched. Never rejects
   */
  refresh(member: MemberRow, fetchProfile: () => Promise<StoredProfile>): Promise<Profile | null>
  /** Resolves when no fetch is in progress, for a clean stop. */
  settled(): Promise<void>
}

/** Creates the profile refresher of a process. Processes claim a fetch in the database, so none is made twice. */
export function createProfileRefresher({ db, clock, onFailure }: ProfileRefresherOptions): ProfileRefresher {
  const underWay = new Map<string, Promise<Profile | null>>()
  const lately: number[] = []

  function mayCallNow(): boolean {
    const now = clock.monotonic()
    while (lately[0] !== undefined && now - lately[0] >= 1000) lately.shift()
    return lately.length < mostCallsASecond && lately.push(now) > 0
  }

  async function ask(member: MemberRow, fetchProfile: () => Promise<StoredProfile>): Promise<Profile | null> {
    const now = clock.wall()
    const before = new Date(now.getTime() - profileMaxAgeMilliseconds)
    if (!mayCallNow() || !(await claimProfileAttempt(db, member.id, before, now))) return null
    const profile = await fetchProfile()
    await storeProfile(db, member.id, profile, now)
    return { name: profile.name, email: profile.email, picture: profile.picture }
  }

  return {
    refresh(member, fetchProfile) {
      const age = clock.wall().getTime() - (member.profileAttemptedAt?.getTime() ?? 0)
      if (age < profileMaxAgeMilliseconds) return underWay.get(member.id) ?? Promise.resolve(null)
      let call = underWay.get(member.id)
      if (!call) {
        call = ask(member, fetchProfile)
          .catch((error: unknown) => {
            onFailure(error)
            return null
          })
          .finally(() => underWay.delete(member.id))
        underWay.set(member.id, call)
      }
      return call
    },
    settled: async () => {
      await Promise.allSettled(underWay.values())
    },
  }
}
