import type { CatalogueContext } from '../catalogue/index.ts'
import type { ReaderContext } from '../members/index.ts'
import type { Decide } from './decide.ts'
import type { FollowViewer } from './follow-viewer.ts'
import type { MembershipLoaders } from './loaders.ts'

/** What a request knows of memberships. */
export interface MembershipContext extends ReaderContext, CatalogueContext {
  /** Decides whether the reader may read an article, with the grant that opens its body. Remembers its answers; never rejects. */
  readonly decide: Decide
  readonly membership: MembershipLoaders
  /** Subscribes to the changes of a member. It outlives the request, until the stream ends. */
  readonly followViewer: FollowViewer
}
