import { LinkButton } from '../basics/Button.tsx'
import { Page } from '../basics/Page.tsx'
import { LiveTitle } from './LiveTitle.tsx'

/** @param live the address could have been one that the API knows: the page's title is still to be said */
export function NotFoundScreen({ live = false }: { live?: boolean }) {
  return (
    <Page
      narrow
      title="There is no such page"
      lead="It may have moved, or it was never there. What is published stands on the front page."
    >
      {live ? <LiveTitle>Not found</LiveTitle> : null}
      <div>
        <LinkButton to="/">To the front page</LinkButton>
      </div>
    </Page>
  )
}
