import { FailedPart } from '../fallbacks/FailedPart.tsx'

/** A page as it was built, from before React took it over. */
interface StaticHtml {
  readonly path: string
  readonly whole: string
  readonly main: string
}

let page: StaticHtml | null = null

/** Keeps the built page for the case that a part of it fails. Call before hydration. */
export function keepStaticHtml(): void {
  page = {
    path: window.location.pathname,
    whole: document.getElementById('gatsby-focus-wrapper')?.innerHTML ?? '',
    main: document.querySelector('main')?.innerHTML ?? '',
  }
}

/** Returns the HTML that was built for the present address; null after the reader has gone to another page. */
const staticHtml = (what: 'whole' | 'main'): string | null =>
  page?.path === window.location.pathname ? page[what] : null

/** The text of the page as it was built. After a change of pages there is none: then only the message. */
export function StaticMain() {
  return (
    <>
      <Static html={staticHtml('main')} />
      <FailedPart />
    </>
  )
}

/** The whole page as it was built; its links work as without JavaScript. */
export function StaticPage() {
  const html = staticHtml('whole')
  return html === null ? <FailedPart /> : <Static html={html} />
}

const Static = ({ html }: { html: string | null }) =>
  html === null ? null : <div dangerouslySetInnerHTML={{ __html: html }} />
