import type { CatalogueContext } from '../catalogue/index.ts'
import type { ReaderContext } from '../members/index.ts'
import type { Decide } from './decide.ts'
import type { FollowViewer } from './live/follow-viewer.ts'
import type { MembershipLoaders } from './loaders.ts'
import type { ArticleDates } from './types.ts'

/** The part of a request's context that this room needs. */
export interface MembershipContext extends ReaderContext, CatalogueContext {
  /** Decides whether the reader may read an article, and mints the grant for its body. Decisions are cached. Never rejects. */
  readonly decide: Decide
  readonly membership: MembershipLoaders
  /** Returns an article by its slug, published or not; null for a slug that no article ever had. `content` owns the table. */
  readonly articleDates: (slug: string) => Promise<ArticleDates | null>
  /** Subscribes to the changes of a member until the stream ends, which can be after the request. */
  readonly followViewer: FollowViewer
}
