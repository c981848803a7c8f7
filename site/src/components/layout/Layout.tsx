import { useEffect, type ReactNode } from 'react'
import { useSession } from '../../auth/session.tsx'
import { Footer } from './Footer.tsx'
import { Header } from './Header.tsx'
import { Notices } from './Notices.tsx'
import * as css from './Layout.module.css'

export function Layout({ children }: { children: ReactNode }) {
  useSessionMark()
  return (
    <div className={css.page}>
      <a href="#content" className="skip">
        Skip to the text
      </a>
      <Header />
      <main id="content" tabIndex={-1} className={css.main}>
        {children}
      </main>
      <Footer />
      <Notices />
    </div>
  )
}

/** The guess of before the first paint gives way to what is known. */
function useSessionMark(): void {
  const { status } = useSession()
  useEffect(() => {
    if (status !== 'pending') document.documentElement.dataset.session = status
  }, [status])
}
