import type { Identity } from '../auth/identity.ts'
import type { BillingContext } from '../billing/index.ts'
import type { ContentLoaders } from '../content/index.ts'
import type { Database } from '../db/index.ts'
import type { MembersLoaders, ReaderSource } from '../members/index.ts'
import type { Decide, FollowViewer, MembershipLoaders } from '../membership/index.ts'

/** All that a field may know. Made anew for each request: nothing in it outlives the answer; a stream has one for each event. */
export interface Context {
  readonly requestId: string
  /** The one instant, of business time, that this request is judged at. */
  readonly now: Date
  /** Wall time at the same instant: what a clock on the wall shows. */
  readonly wallTime: Date
  /** Who the token says; null when anonymous. */
  readonly identity: Identity | null
  /** Who that is to us; asked for on first use, then remembered. Rejects with SERVICE_UNAVAILABLE when we cannot know. */
  readonly reader: ReaderSource['reader']
  readonly profileOf: ReaderSource['profileOf']
  /** Whether the reader may read an article, and the grant that opens the door. Remembers its answers; never rejects. */
  readonly decide: Decide
  /** Counts a body that this answer will hold; false when it is one too many. */
  readonly takeBody: () => boolean
  /** Counts the rows that a list of this answer asks for; false when they are too many in all. */
  readonly takeRows: (count: number) => boolean
  /** Counts the characters of a long text of this answer. @throws BAD_USER_INPUT when they are too many in all */
  readonly takeText: (text: string) => string
  /** Charges further points to the caller's rate, all of them or none. */
  readonly charge: (points: number) => Promise<{ readonly allowed: boolean; readonly retryAfterSeconds: number }>
  readonly teasers: 'public' | 'members'
  readonly db: Database
  readonly billing: BillingContext
  readonly content: ContentLoaders
  readonly members: MembersLoaders
  readonly membership: MembershipLoaders
  /** What a stream of `viewerChanged` goes by: the one thing here that lives on, until the stream ends. */
  readonly followViewer: FollowViewer
}
