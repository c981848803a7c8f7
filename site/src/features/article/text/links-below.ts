import { replaceAttributes } from './html-tags.ts'

// Links of a preview to footnotes and headings below it have no `href`: their target does not exist while the rest is locked.

/** Returns the preview with its links, for a page that was built with the rest. */
export const withLinksBelow = (html: string): string =>
  replaceAttributes(html, ({ tag, name, value, written }) =>
    tag === 'a' && name === 'data-below' && value.startsWith('#') ? `href="${value}"` : written,
  )

/** Sets the `href` of the preview's links whose targets are on the page. */
export function linkBelow(page: ParentNode & Pick<Document, 'getElementById'>): void {
  for (const link of page.querySelectorAll<HTMLAnchorElement>('a[data-below]:not([href])')) {
    const address = link.dataset.below ?? ''
    const name = address.slice(1)
    // As browsers look for a target: as written, then decoded.
    if (page.getElementById(name) ?? page.getElementById(decodeURI(name))) link.setAttribute('href', address)
  }
}
