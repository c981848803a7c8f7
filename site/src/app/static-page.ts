/** A page as it was built, from before React took it over. */
interface StaticPage {
  readonly path: string
  readonly whole: string
  readonly main: string
}

let page: StaticPage | null = null

/** Keeps the built page for the case that a part of it fails. Call before hydration. */
export function keepStaticPage(): void {
  page = {
    path: window.location.pathname,
    whole: document.getElementById('gatsby-focus-wrapper')?.innerHTML ?? '',
    main: document.querySelector('main')?.innerHTML ?? '',
  }
}

/** Returns the HTML that was built for the present address; null after the reader has gone to another page. */
export const staticHtml = (what: 'whole' | 'main'): string | null =>
  page?.path === window.location.pathname ? page[what] : null
