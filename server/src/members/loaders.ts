import DataLoader from 'dataloader'
import type { Queryable } from '../db/index.ts'
import { bookmarkedAmong } from './queries.ts'
import type { Reader } from './types.ts'

/** Of one request, and so of one reader: what it remembers is never shown to another. */
export interface MembersLoaders {
  /** By article: whether the reader has bookmarked it. Null for whoever has no bookmarks to see; never rejects. */
  readonly bookmarked: DataLoader<string, boolean | null>
}

export interface MembersLoaderOptions {
  readonly db: Queryable
  /** Who asks. Asked for with the first article, so that what needs no reader looks up none. */
  readonly reader: () => Promise<Reader>
  /** Told when it could not be looked up: the reader sees null, the log sees why. */
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
        // An article that everybody may read does not come with an error because its button could not be drawn.
        onFailure(error)
        return () => null
      })
      return articleIds.map(answerFor)
    }),
  }
}
