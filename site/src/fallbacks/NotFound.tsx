import { archivePage } from '../addresses/addresses.ts'
import { Buttons, LinkButton } from '../ui/controls/Button.tsx'
import { Page } from '../ui/layout/Page.tsx'
import { Seo } from '../ui/Seo.tsx'

/** @param unbuilt whether the page was not built, so that it has no title yet */
export function NotFound({ unbuilt = false }: { unbuilt?: boolean }) {
  return (
    <Page narrow title="Page not found" lead="It may have moved, or the address may be wrong.">
      {unbuilt ? <Seo title="Not found" path="/404/" unlisted /> : null}
      <div>
        <Buttons>
          <LinkButton to="/">Front page</LinkButton>
          <LinkButton to={archivePage} look="plain">
            Archive
          </LinkButton>
        </Buttons>
      </div>
    </Page>
  )
}
