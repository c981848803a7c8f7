import { FailedPart } from '../fallbacks/FailedPart.tsx'

/** The HTML of the built page before hydration. */
interface StaticHtml {
  readonly path: string
  readonly whole: string
  readonly main: string
}

let page: StaticHtml | null = null

/** Keeps the built page in case a part of it fails. Call before hydration. */
export function keepStaticHtml(): void {
  page = {
    path: window.location.pathname,
    whole: document.getElementById('gatsby-focus-wrapper')?.innerHTML ?? '',
    main: document.querySelector('main')?.innerHTML ?? '',
  }
}

/** Returns the built HTML of the current address; null after a navigation. */
const staticHtml = (what: 'whole' | 'main'): string | null =>
  page?.path === window.location.pathname ? page[what] : null

/** Shows the built content of the page and a message; after a navigation only the message. */
export function StaticMain() {
  return (
    <>
      <Static html={staticHtml('main')} />
      <FailedPart />
    </>
  )
}

/** Shows the whole built page. Its links work as without JavaScript. */
export function StaticPage() {
  const html = staticHtml('whole')
  return html === null ? <FailedPart /> : <Static html={html} />
}

const Static = ({ html }: { html: string | null }) =>
  html === null ? null : <div dangerouslySetInnerHTML={{ __html: html }} />
