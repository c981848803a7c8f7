// Which addresses there are, for the build, the pages and the host's files.

/** Lists that have pages of their own, and the folders of those. */
export const listFolders = { tag: 'tags', author: 'authors', series: 'series' } as const
export type ListKind = keyof typeof listFolders

export const articleFolder = 'articles'

/** Folders whose pages the API may know although they were not built. */
export const unbuiltFolders: readonly string[] = [articleFolder, ...Object.values(listFolders)]

/** The page that lists all tags, all authors or all series. */
export const addressOfIndex = (kind: ListKind): string => `/${listFolders[kind]}/`

// Slugs have letters of any script. In an address they are percent-encoded (RFC 3986, section 2.1).
export const addressOfArticle = (slug: string): string => `/${articleFolder}/${encodeURIComponent(slug)}/`
export const addressOfList = (kind: ListKind, slug: string): string =>
  `/${listFolders[kind]}/${encodeURIComponent(slug)}/`

/** Returns the path of a page as Gatsby takes it: its files are named by the letters, and it looks addresses up decoded. */
export const pathOfPage = (address: string): string => decodeURI(address)

/** Returns a path in the form that canonical addresses have, whether it came encoded or not. */
export const encodedPath = (path: string): string => encodeURI(decodedPath(path))

function decodedPath(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

/** All articles, by month. */
export const archivePage = `/${articleFolder}/`

/** Shown for an address that was not built, on hosts that cannot ask the API. */
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

/** The place of a page in a list that is split over several. */
export interface Paging {
  /** From 1. */
  readonly page: number
  readonly pages: number
  /** Address of page 1. */
  readonly base: string
}

export const addressOfPage = (base: string, page: number): string => (page === 1 ? base : `${base}page/${page}/`)
