import DataLoader from 'dataloader'
import type { Queryable } from '../db/index.ts'
import { bookmarkedAmong } from './queries.ts'
import type { Reader } from './types.ts'

/** The loaders of one request. Their caches belong to one reader. */
export interface MembersLoaders {
  /** Whether the reader has bookmarked an article. Null for anonymous readers, disabled members, and after a failure. Never rejects. */
  readonly bookmarked: DataLoader<string, boolean | null>
}

interface MembersLoaderOptions {
  readonly db: Queryable
  /** Returns the reader. Called only if a bookmark is requested, so other requests do not look up the reader. */
  readonly reader: () => Promise<Reader>
  /** Called when the lookup fails. The reader gets null, and the error is for the log. */
  readonly onFailure: (error: unknown) => void
}

export function createMembersLoaders({ db, reader, onFailure }: MembersLoaderOptions): MembersLoaders {
  const find = async (articleIds: readonly string[]): Promise<(id: string) => boolean | null> => {
    const who = await reader()
    if (who.kind !== 'member' || who.disabled) return () => null
    const bookmarked = new Set(await bookmarkedAmong(db, who.memberId, articleIds))
    return (id) => bookmarked.has(id)
  }
  return {
    bookmarked: new DataLoader(async (articleIds) => {
      const answerFor = await find(articleIds).catch((error: unknown) => {
        // A public article must not come with an error because its bookmark is unknown.
        onFailure(error)
        return () => null
      })
      return articleIds.map(answerFor)
    }),
  }
}
