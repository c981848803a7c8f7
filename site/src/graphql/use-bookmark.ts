import { useMutation } from '@apollo/client/react'
import { AddBookmarkDocument, RemoveBookmarkDocument } from './operations.ts'

/** Sets or removes the reader's bookmark; the cache follows the answer. @throws Error to be shown as it is */
export function useBookmark(articleId: string): (wanted: boolean) => Promise<void> {
  const [add] = useMutation(AddBookmarkDocument)
  const [remove] = useMutation(RemoveBookmarkDocument)
  return async (wanted) => {
    const { error } = await (wanted ? add : remove)({ variables: { articleId } })
    if (error) throw new Error('The bookmark was not changed. Try again in a moment.')
  }
}
