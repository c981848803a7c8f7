import { useEffect, type ReactNode } from 'react'
import { useSession } from '../auth/session.tsx'
import { ChildrenFallback, EmptyFallback, part } from '../ui/part.tsx'
import { Footer } from './Footer.tsx'
import { Header } from './Header.tsx'
import { PassingNews, Problems } from './notices/Notices.tsx'
import { StaticMain } from './static-html.tsx'
import * as css from './Layout.module.css'

const Content = part<{ readonly children: ReactNode }>(StaticMain)('content', ChildrenFallback)
const ProblemsPart = part<object>(EmptyFallback)('problems', Problems)
const News = part<object>(EmptyFallback)('notices', PassingNews)

export function Layout({ children }: { children: ReactNode }) {
  useSessionMark()
  return (
    <div className={css.page}>
      <a href="#content" className="skip">
        Skip to the content
      </a>
      <Header />
      <ProblemsPart />
      <main id="content" tabIndex={-1} className={css.main}>
        <Content>{children}</Content>
      </main>
      <Footer />
      <News />
    </div>
  )
}

/** Replaces the mark that was set before the first paint with the known session. */
function useSessionMark(): void {
  const { status } = useSession()
  useEffect(() => {
    if (status !== 'pending') document.documentElement.dataset.session = status
  }, [status])
}
