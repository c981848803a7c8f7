import type { Identity } from '../auth/identity.ts'
import { createBillingLoaders, type BillingServices } from '../billing/index.ts'
import { createCatalogueLoader } from '../catalogue/index.ts'
import { articleDates, createContentLoaders } from '../content/index.ts'
import type { Database } from '../db/index.ts'
import type { Clock } from '../lib/clock.ts'
import { badInput } from '../lib/errors.ts'
import {
  createMembersLoaders,
  createReaderSource,
  type ProfileRefresher,
  type StoredProfile,
} from '../members/index.ts'
import { createDecide, createFollowViewer, createMembershipLoaders, type ChangeHub } from '../membership/index.ts'
import type { Context } from './context-types.ts'
import { limits } from './limits/limits.ts'

/** Services that all requests share. */
export interface ContextServices {
  readonly db: Database
  readonly clock: Clock
  readonly profiles: ProfileRefresher
  readonly maxBodiesPerAnswer: number
  readonly teasers: 'public' | 'members'
  readonly billing: BillingServices
  /** Publishes changes of members' memberships and accounts. */
  readonly changes: ChangeHub
}

/** The part of the context that depends on the request. */
interface ContextRequest {
  readonly id: string
  readonly identity: Identity | null
  readonly fetchProfile: () => Promise<StoredProfile>
  /** Called for a failure that does not fail the request. `what` is a message for the log. */
  readonly onFailure: (what: string, error: unknown) => void
  /** Charges further points to the caller's rate limit. */
  readonly charge: Context['charge']
  /** Called before each request to the payment provider. */
  readonly onProviderCall?: () => void
}

/** Creates the context of a request: one instant, one reader, fresh loaders. SQL runs only when a field needs it. */
export function createContext(services: ContextServices, request: ContextRequest): Context {
  const { db, clock } = services
  const now = clock.business()
  /** Grants are valid only with this object, so only within this request. */
  const tie = Object.freeze({ requestId: request.id })
  const { reader, profileOf } = createReaderSource({
    db,
    identity: request.identity,
    now,
    profiles: services.profiles,
    fetchProfile: request.fetchProfile,
  })
  const membership = createMembershipLoaders(db, now)
  const catalogue = createCatalogueLoader(db, now)
  let bodies = 0
  let rows = 0
  let characters = 0
  return {
    requestId: request.id,
    now,
    wallTime: clock.wall(),
    identity: request.identity,
    reader,
    profileOf,
    decide: createDecide({
      request: tie,
      now,
      reader,
      loaders: membership,
      catalogue,
      onFailure: (error) => request.onFailure('access to an article could not be decided', error),
    }),
    countBody: () => {
      bodies += 1
      return bodies <= services.maxBodiesPerAnswer
    },
    countRows: (count) => {
      rows += count
      return rows <= limits.rows
    },
    countText: (text) => {
      // A single text is always returned, whatever its length.
      const fits = characters === 0 || characters + text.length <= limits.text
      characters += text.length
      if (fits) return text
      throw badInput('The texts of this response are too long in total. Request fewer articles at a time.')
    },
    charge: request.charge,
    teasers: services.teasers,
    db,
    billing: createBillingLoaders({
      ...services.billing,
      db,
      onFailure: request.onFailure,
      onProviderCall: request.onProviderCall,
    }),
    content: createContentLoaders(db, now, tie),
    members: createMembersLoaders({
      db,
      reader,
      onFailure: (error) => request.onFailure('bookmarks could not be looked up', error),
    }),
    membership,
    articleDates: (slug) => articleDates(db, slug),
    catalogue,
    followViewer: createFollowViewer({ hub: services.changes, clock }),
  }
}
