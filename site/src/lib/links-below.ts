// A preview carries links to what stands below it (footnotes, headings) without their address: where the rest is locked they
// would lead nowhere.

const placeholder = /<a( [^>]*?)? data-below="(#[^"]*)"/g

/** The preview with its links, for a page that was built with the rest. */
export const withLinksBelow = (html: string): string =>
  html.replace(placeholder, (_, others: string | undefined, address: string) => `<a${others ?? ''} href="${address}"`)

/** Gives the links of a shown preview their addresses, once what they lead to is on the page. */
export function linkBelow(page: ParentNode & Pick<Document, 'getElementById'>): void {
  for (const link of page.querySelectorAll<HTMLAnchorElement>('a[data-below]:not([href])')) {
    const address = link.dataset.below ?? ''
    const name = address.slice(1)
    // As a browser looks for it: as it is written, then decoded.
    if (page.getElementById(name) ?? page.getElementById(decodeURI(name))) link.setAttribute('href', address)
  }
}
