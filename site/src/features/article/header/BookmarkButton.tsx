import { useApiClient } from '../../../api/hooks.ts'
import { AddBookmarkDocument, RemoveBookmarkDocument } from '../../../api/operations.ts'
import { useSession } from '../../../auth/session.tsx'
import { Button } from '../../../ui/controls/Button.tsx'

export interface BookmarkButtonProps {
  readonly articleId: string
  /** Null if it is not known. */
  readonly bookmarked: boolean | null
}

/** Sets a bookmark. For an anonymous reader the button signs in. */
export function BookmarkButton({ articleId, bookmarked }: BookmarkButtonProps) {
  const { status, signIn } = useSession()
  const change = useBookmark(articleId)
  const set = bookmarked === true

  const press = () => (status === 'signed-in' ? change(!set) : signIn())

  return (
    <Button
      look="quiet"
      pressed={set}
      waiting={status === 'pending' || (status === 'signed-in' && bookmarked === null)}
      onPress={press}
    >
      <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
        <path
          d="M6 3h12v18l-6-4.5L6 21z"
          fill={set ? 'currentColor' : 'none'}
          stroke="currentColor"
          strokeWidth="2"
          strokeLinejoin="round"
        />
      </svg>
      Bookmark
    </Button>
  )
}

/** Returns a function that sets or removes the bookmark. It throws an Error with a message for the reader. */
function useBookmark(articleId: string): (wanted: boolean) => Promise<void> {
  const client = useApiClient()
  return async (wanted) => {
    const variables = { articleId }
    const { error } = wanted
      ? await client.mutate({ mutation: AddBookmarkDocument, variables })
      : await client.mutate({ mutation: RemoveBookmarkDocument, variables })
    if (error) throw new Error('The bookmark was not changed. Try again in a moment.')
  }
}
