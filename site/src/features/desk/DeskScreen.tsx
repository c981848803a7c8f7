import { ArticlesFromApi } from '../../articles/ArticlesFromApi.tsx'
import { SignedInPage } from '../../fallbacks/SignedInPage.tsx'
import { Card } from '../../ui/Card.tsx'

const needed = 'write:articles'

export function DeskScreen() {
  return (
    <SignedInPage title="The desk" why="The desk is for staff.">
      {({ permissions }) =>
        permissions.includes(needed) ? (
          <>
            <p>
              What is published, as the API has it now. Articles are written as Markdown and published with{' '}
              <code>npm run publish</code>; the site shows a new one at once, and has it in its lists after the next
              build.
            </p>
            <ArticlesFromApi filter={{}} />
          </>
        ) : (
          <Card label="Missing permission" alert>
            <h2>You can’t open the desk</h2>
            <p>
              It needs the permission <code>{needed}</code>, which your account does not have.{' '}
              {permissions.length > 0 ? `It has ${permissions.join(', ')}.` : 'It has no permissions.'} The publisher
              can give it to you; sign in again afterwards.
            </p>
          </Card>
        )
      }
    </SignedInPage>
  )
}
