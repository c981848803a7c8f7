import { ArticlesFromApi } from '../../articles/ArticlesFromApi.tsx'
import { SignedInPage } from '../../fallbacks/SignedInPage.tsx'
import { articlesPermission } from '../../membership/use-viewer.ts'
import { Card } from '../../ui/layout/Card.tsx'

export function DeskScreen() {
  return (
    <SignedInPage title="The desk" why="The desk is for staff.">
      {({ permissions }) =>
        permissions.includes(articlesPermission) ? (
          <>
            <p>
              All published articles. Write articles in Markdown and publish them with <code>npm run publish</code>. A
              new article is on the site at once, and in its lists after the next build.
            </p>
            <ArticlesFromApi filter={{}} />
          </>
        ) : (
          <Card label="Missing permission" alert>
            <h2>You can’t open the desk</h2>
            <p>
              You need the permission <code>{articlesPermission}</code>. Your account has{' '}
              {permissions.length > 0 ? permissions.join(', ') : 'no permissions'}. Ask the publisher for it, then sign
              in again.
            </p>
          </Card>
        )
      }
    </SignedInPage>
  )
}
