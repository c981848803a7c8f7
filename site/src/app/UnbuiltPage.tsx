import { parseUnbuiltPath } from '../addresses/unbuilt-path.ts'
import { NotFound } from '../fallbacks/NotFound.tsx'
import { ArticleScreen } from '../features/article/ArticleScreen.tsx'
import { UnbuiltListScreen } from '../features/lists/ListScreen.tsx'
import { LinkButton } from '../ui/controls/Button.tsx'
import { Page } from '../ui/layout/Page.tsx'
import { useHydrated } from '../ui/use-hydrated.ts'

const noNeighbours = { previous: null, next: null }

/** Shows an article or a list that was published after the build, or a message that the page was not found. */
export function UnbuiltPage({ path }: { path: string }) {
  const hydrated = useHydrated()
  const address = parseUnbuiltPath(path)
  // The static page does not know its address. A script before the first paint decides which half is shown.
  if (!hydrated) {
    return (
      <>
        <div className="if-built">
          <NotFound />
        </div>
        <div className="if-unbuilt" role="status">
          <span className="for-ears needs-script">Loading.</span>
          <noscript>
            <Page
              narrow
              title="This page needs JavaScript"
              lead="Articles published in the last few minutes need JavaScript. Turn it on for this site."
            >
              <div>
                <LinkButton to="/">Front page</LinkButton>
              </div>
            </Page>
          </noscript>
        </div>
      </>
    )
  }
  if (!address) return <NotFound />
  if (address.kind === 'article') {
    return <ArticleScreen key={address.slug} slug={address.slug} built={null} neighbours={noNeighbours} />
  }
  return <UnbuiltListScreen key={path} kind={address.kind} slug={address.slug} />
}
