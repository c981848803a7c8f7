import type { MembershipContext } from '../membership/index.ts'
import type { ContentLoaders } from './loaders.ts'

/** What a request knows of published articles, and how much it may still answer. */
export interface ContentContext extends MembershipContext {
  readonly content: ContentLoaders
  /** Counts an article body of this response; false when it is one too many. */
  readonly takeBody: () => boolean
  /** Counts rows that a list of this response asks for; false when they are too many in all. */
  readonly takeRows: (count: number) => boolean
  /** Counts the characters of a long text of this response. @throws BAD_USER_INPUT when they are too many in all */
  readonly takeText: (text: string) => string
  /** Who may see titles and previews (TEASERS). */
  readonly teasers: 'public' | 'members'
}
