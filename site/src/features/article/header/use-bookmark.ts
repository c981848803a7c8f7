import { useApiClient } from '../../../api/hooks.ts'
import { AddBookmarkDocument, RemoveBookmarkDocument } from '../../../api/operations.ts'

/** Sets or removes the reader's bookmark; the cache follows the answer. @throws Error to be shown as it is */
export function useBookmark(articleId: string): (wanted: boolean) => Promise<void> {
  const client = useApiClient()
  return async (wanted) => {
    const variables = { articleId }
    const { error } = wanted
      ? await client.mutate({ mutation: AddBookmarkDocument, variables })
      : await client.mutate({ mutation: RemoveBookmarkDocument, variables })
    if (error) throw new Error('The bookmark was not changed. Try again in a moment.')
  }
}
