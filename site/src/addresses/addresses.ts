// The addresses of the site, for the build, the pages and the host's files.

/** The kinds of lists that have pages of their own, and their folders. */
export const listFolders = { tag: 'tags', author: 'authors', series: 'series' } as const
export type ListKind = keyof typeof listFolders

export const articleFolder = 'articles'

/** The folders that may have pages which were published after the build. */
export const unbuiltFolders: readonly string[] = [articleFolder, ...Object.values(listFolders)]

/** Returns the address of the page that lists all tags, all authors or all series. */
export const addressOfIndex = (kind: ListKind): string => `/${listFolders[kind]}/`

// Slugs may have letters of any script, which are percent-encoded in an address (RFC 3986, section 2.1).
export const addressOfArticle = (slug: string): string => `/${articleFolder}/${encodeURIComponent(slug)}/`
export const addressOfList = (kind: ListKind, slug: string): string =>
  `/${listFolders[kind]}/${encodeURIComponent(slug)}/`

/** Returns the path of a page for Gatsby, which names its files, and looks up addresses, without percent-encoding. */
export const pathOfPage = (address: string): string => decodeURI(address)

/** Returns the percent-encoded form of a path, whether it is encoded or not. Canonical addresses have this form. */
export const encodedPath = (path: string): string => encodeURI(decodedPath(path))

function decodedPath(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

/** Lists all articles by month. */
export const archivePage = `/${articleFolder}/`

/** Shown by static hosts for an address that was not built. */
export const unbuiltPage = '/unbuilt/'

export const plansPage = '/plans/'
export const accountPage = '/account/'
export const receiptsPage = '/account/receipts/'

export interface Named {
  readonly slug: string
  readonly name: string
}

export interface Counted extends Named {
  readonly count: number
}

/** The position of a page in a list that is split over several pages. */
export interface Paging {
  /** From 1. */
  readonly page: number
  readonly pages: number
  /** Address of page 1. */
  readonly base: string
}

export const addressOfPage = (base: string, page: number): string => (page === 1 ? base : `${base}page/${page}/`)
