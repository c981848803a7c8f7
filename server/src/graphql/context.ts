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
import { limits } from './limits.ts'

/** What all requests share. */
export interface ContextServices {
  readonly db: Database
  readonly clock: Clock
  readonly profiles: ProfileRefresher
  readonly maxBodiesPerAnswer: number
  readonly teasers: 'public' | 'members'
  readonly billing: BillingServices
  /** Tells whose memberships or standing changed. */
  readonly changes: ChangeHub
}

/** What one request brings. */
export interface ContextRequest {
  readonly id: string
  readonly identity: Identity | null
  readonly fetchProfile: () => Promise<StoredProfile>
  /** Told of what went wrong without stopping the answer: what it was, for people, and the error. */
  readonly onFailure: (what: string, error: unknown) => void
  /** Charges further points to the caller's rate. */
  readonly charge: Context['charge']
  /** Called when the answer begins to wait for the payment provider. */
  readonly onOutside?: () => void
}

/** Everything a request knows, made for it alone: one instant, one reader, fresh loaders. No SQL runs until a field asks. */
export function createContext(services: ContextServices, request: ContextRequest): Context {
  const { db, clock } = services
  const now = clock.business()
  /** What this request's grants are tied to. */
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
    takeBody: () => {
      bodies += 1
      return bodies <= services.maxBodiesPerAnswer
    },
    takeRows: (count) => {
      rows += count
      return rows <= limits.rows
    },
    takeText: (text) => {
      // One text is always given, however long it is.
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
      onOutside: request.onOutside,
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
