import { replaceAttributes } from './html-tags.ts'

// A preview carries links to what stands below it (footnotes, headings) without their address: where the rest is locked they
// would lead nowhere.

/** The preview with its links, for a page that was built with the rest. */
export const withLinksBelow = (html: string): string =>
  replaceAttributes(html, ({ tag, name, value, written }) =>
    tag === 'a' && name === 'data-below' && value.startsWith('#') ? `href="${value}"` : written,
  )

/** Gives the links of a shown preview their addresses, once what they lead to is on the page. */
export function linkBelow(page: ParentNode & Pick<Document, 'getElementById'>): void {
  for (const link of page.querySelectorAll<HTMLAnchorElement>('a[data-below]:not([href])')) {
    const address = link.dataset.below ?? ''
    const name = address.slice(1)
    // As a browser looks for it: as it is written, then decoded.
    if (page.getElementById(name) ?? page.getElementById(decodeURI(name))) link.setAttribute('href', address)
  }
}
