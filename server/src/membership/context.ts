import type { CatalogueContext } from '../catalogue/index.ts'
import type { ReaderContext } from '../members/index.ts'
import type { Decide } from './decide.ts'
import type { FollowViewer } from './live/follow-viewer.ts'
import type { MembershipLoaders } from './loaders.ts'
import type { ArticleDates } from './types.ts'

/** What a request knows of memberships. */
export interface MembershipContext extends ReaderContext, CatalogueContext {
  /** Decides whether the reader may read an article, with the grant that opens its body. Remembers its answers; never rejects. */
  readonly decide: Decide
  readonly membership: MembershipLoaders
  /** Returns an article by its slug, published or not; null for a slug that no article ever had. `content` owns the table. */
  readonly articleDates: (slug: string) => Promise<ArticleDates | null>
  /** Subscribes to the changes of a member. It outlives the request, until the stream ends. */
  readonly followViewer: FollowViewer
}
