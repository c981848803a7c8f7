import { encodePath } from '../address.ts'
import { unbuiltFolders } from '../../../../site/src/addresses/addresses.ts'
import type { PageSpec } from '../../../../site/gatsby/pages.ts'
import { unbuiltAddressOf, type FoundPage, type UnbuiltAddress } from './find-page.ts'
import { createLane } from './lane.ts'
import { pageDataOf, type PageRenderer } from './page-renderer.ts'
import { createRemembered } from './remembered.ts'

/** The answer to an address that was not built. */
export type UnbuiltAnswer =
  /** A page that is published, or the data of one. */
  | {
      readonly kind: 'page'
      readonly type: 'text/html; charset=utf-8' | 'application/json; charset=utf-8'
      readonly content: string
    }
  | { readonly kind: 'missing' }
  /** Anonymous readers may not know what is published. */
  | { readonly kind: 'members-only' }
  /** The API could not say, or was asked often enough. */
  | {
      readonly kind: 'unknown'
      readonly retryAfterSeconds: number
      /** The page exists and was not rendered. */ readonly fault?: Error
    }

export interface Unbuilt {
  /**
   * Answers for a page that was published after the build.
   *
   * @param pathname decoded
   * @returns null if the address is in no folder of articles, tags, authors or series
   */
  readonly look: (pathname: string) => Promise<UnbuiltAnswer | null>
}

export interface UnbuiltOptions {
  /** @throws Error if it cannot be known now */
  readonly find: (address: UnbuiltAddress) => Promise<FoundPage>
  readonly render: PageRenderer['render']
  /** A clock in milliseconds. */
  readonly now: () => number
}

/** What addresses may cost: anybody can ask for any. An anonymous caller of the API has 300 requests a minute. */
export const unbuiltLimits = {
  /** How long an address that does not exist is remembered, and how many of them. */
  missing: { milliseconds: 5_000, entries: 1_000 },
  /** How long a page that anonymous readers may see in part is kept, and how many of them. */
  kept: { milliseconds: 2_000, entries: 200 },
  /** How long it is remembered that there was a page at an address, and for how many of them. */
  known: { milliseconds: 600_000, entries: 1_000 },
  /** Look-ups of addresses that had a page lately. */
  ofKnown: { atOnce: 4, burst: 20, perSecond: 2 },
  /** Look-ups of all others, most of them made up. */
  ofUnknown: { atOnce: 4, burst: 20, perSecond: 2 },
  retryAfterSeconds: 5,
} as const

/**
 * Knows by the API which addresses exist. Questions for the same address share one look-up.
 *
 * A page that is locked for anonymous readers is kept for a moment, so that many readers of a new article are one look-up. It holds the
 * preview that they all see and nothing else. A page with a whole text is asked for each time: the article may have been locked.
 * Addresses that had a page lately have look-ups of their own, so that made-up addresses do not use them up.
 */
export function createUnbuilt({ find, render, now }: UnbuiltOptions): Unbuilt {
  const remember = <Value>({ milliseconds, entries }: { milliseconds: number; entries: number }) =>
    createRemembered<Value>(now, milliseconds, entries)
  const missing = remember<'missing'>(unbuiltLimits.missing)
  const kept = remember<Exclude<FoundPage, 'missing'>>(unbuiltLimits.kept)
  const known = remember<true>(unbuiltLimits.known)
  const lanes = { known: createLane(now, unbuiltLimits.ofKnown), unknown: createLane(now, unbuiltLimits.ofUnknown) }
  const underWay = new Map<string, Promise<FoundPage | Unknown>>()

  function lookUp(key: string, address: UnbuiltAddress): Promise<FoundPage | Unknown> {
    const remembered = missing.get(key) ?? kept.get(key)
    if (remembered) return Promise.resolve(remembered)
    const shared = underWay.get(key)
    if (shared) return shared
    const leave = lanes[known.get(key) ? 'known' : 'unknown'].enter()
    if (!leave) return Promise.resolve(unknown)
    const found = find(address)
      .then((answer) => {
        if (answer === 'missing') missing.set(key, answer)
        else if (answer === 'members-only') kept.set(key, answer)
        else {
          known.set(key, true)
          if (isPreview(answer)) kept.set(key, answer)
        }
        return answer
      })
      .catch(() => unknown)
      .finally(() => {
        underWay.delete(key)
        leave()
      })
    underWay.set(key, found)
    return found
  }

  return {
    async look(pathname) {
      const { page, isData } = pageOf(pathname)
      if (!unbuiltFolders.includes(page.split('/', 2)[1] ?? '')) return null
      const path = encodePath(page)
      const address = unbuiltAddressOf(path)
      if (!address) return { kind: 'missing' }
      const found = await lookUp(path, address)
      if (found === 'missing' || found === 'members-only') return { kind: found }
      if ('kind' in found) return found
      const data = pageDataOf(found)
      if (isData) return { kind: 'page', type: 'application/json; charset=utf-8', content: JSON.stringify(data) }
      try {
        return { kind: 'page', type: 'text/html; charset=utf-8', content: await render(data) }
      } catch (error) {
        return { ...unknown, fault: error instanceof Error ? error : new Error(String(error)) }
      }
    },
  }
}

type Unknown = Extract<UnbuiltAnswer, { kind: 'unknown' }>

const unknown: Unknown = { kind: 'unknown', retryAfterSeconds: unbuiltLimits.retryAfterSeconds }

/** Whether a page shows no more than what anonymous readers see of a locked article. Lists show heads. */
const isPreview = ({ template, context }: PageSpec): boolean => template !== 'article' || context.article.rest === null

/** The page that an address is, or is the data of: Gatsby's router fetches those. */
function pageOf(pathname: string): { readonly page: string; readonly isData: boolean } {
  const [, page] = /^\/page-data(\/.+\/)page-data\.json$/.exec(pathname) ?? []
  return page === undefined ? { page: pathname, isData: false } : { page, isData: true }
}
