import { liveAddressOf } from '../addresses/live-route.ts'
import { useHydrated } from '../ui/use-hydrated.ts'
import { LinkButton } from '../ui/Button.tsx'
import { Page } from '../ui/Page.tsx'
import { ArticleScreen } from '../features/article/ArticleScreen.tsx'
import { LiveListScreen } from '../features/lists/ListScreen.tsx'
import { NotFoundScreen } from '../fallbacks/NotFoundScreen.tsx'

const alone = { previous: null, next: null }

/** Shows what was published after the build, by asking the API; else says that there is nothing. */
export function LiveRoute({ path }: { path: string }) {
  const hydrated = useHydrated()
  const address = liveAddressOf(path)
  // The static page does not know at which address it is shown: which half is seen is decided before the first paint.
  if (!hydrated) {
    return (
      <>
        <div className="if-not-live">
          <NotFoundScreen />
        </div>
        <div className="if-live" role="status">
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
  if (!address) return <NotFoundScreen />
  if (address.kind === 'article') {
    return <ArticleScreen key={address.slug} slug={address.slug} built={null} neighbours={alone} />
  }
  return <LiveListScreen key={path} kind={address.kind} slug={address.slug} />
}
