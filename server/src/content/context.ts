import type { MembershipContext } from '../membership/index.ts'
import type { ContentLoaders } from './loaders.ts'

/** The context of a request with the loaders of this room and the limits of one response. */
export interface ContentContext extends MembershipContext {
  readonly content: ContentLoaders
  /** Counts an article body of this response. Returns false if the limit is exceeded. */
  readonly countBody: () => boolean
  /** Counts the rows that a list of this response requests. Returns false if all lists together exceed the limit. */
  readonly countRows: (count: number) => boolean
  /** Counts the characters of a long text of this response and returns the text. @throws BAD_USER_INPUT if the limit is exceeded */
  readonly countText: (text: string) => string
  /** Whether everybody or only members may see titles and previews (`TEASERS`). */
  readonly teasers: 'public' | 'members'
}
