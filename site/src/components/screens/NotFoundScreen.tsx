import { LinkButton } from '../basics/Button.tsx'
import { Page } from '../basics/Page.tsx'

export function NotFoundScreen() {
  return (
    <Page
      narrow
      title="There is no such page"
      lead="It may have moved, or it was never there. What is published stands on the front page."
    >
      <div>
        <LinkButton to="/">To the front page</LinkButton>
      </div>
    </Page>
  )
}
