import { encodePath } from '../address.ts'
import { unbuiltFolders } from '../../../../site/src/addresses/addresses.ts'
import type { PageSpec } from '../../../../site/gatsby/pages.ts'
import { unbuiltAddressOf, type FoundPage, type UnbuiltAddress } from './find-page.ts'
import { createLookupLimiter } from './lookup-limiter.ts'
import { pageDataOf, type PageRenderer } from './page-renderer.ts'
import { createExpiringMap } from './expiring-map.ts'

/** The answer for an address without a built page. */
export type UnbuiltAnswer =
  /** A published page, or its data. */
  | {
      readonly kind: 'page'
      readonly type: 'text/html; charset=utf-8' | 'application/json; charset=utf-8'
      readonly content: string
    }
  | { readonly kind: 'missing' }
  /** Anonymous readers may not see what is published. */
  | { readonly kind: 'members-only' }
  /** The API did not answer, or the limit of look-ups is reached. */
  | {
      readonly kind: 'unknown'
      readonly retryAfterSeconds: number
      /** The error of rendering, if the page exists. */
      readonly fault?: Error
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

interface UnbuiltOptions {
  /** @throws Error if the API does not answer */
  readonly find: (address: UnbuiltAddress) => Promise<FoundPage>
  readonly render: PageRenderer['render']
  /** A clock in milliseconds. */
  readonly now: () => number
}

/** Limits of the look-ups that requests for arbitrary addresses cause. An anonymous caller of the API has 300 requests a minute. */
export const unbuiltLimits = {
  /** Addresses that do not exist. */
  missing: { milliseconds: 5_000, entries: 1_000 },
  /** Pages that anonymous readers see in part. */
  kept: { milliseconds: 2_000, entries: 200 },
  /** Addresses that have had a page recently. */
  known: { milliseconds: 600_000, entries: 1_000 },
  /** Look-ups of addresses that had a page recently. */
  ofKnown: { atOnce: 4, burst: 20, perSecond: 2 },
  /** Look-ups of all other addresses, most of which are invented. */
  ofUnknown: { atOnce: 4, burst: 20, perSecond: 2 },
  retryAfterSeconds: 5,
} as const

/**
 * Answers by asking the API. Simultaneous requests for an address share one look-up.
 *
 * A page that is locked for anonymous readers is cached for a moment, so that many readers of a new article cause one look-up. It contains
 * only the preview that all of them see. A page with the whole text is never cached, because the article may be locked at any time.
 * Addresses that had a page recently have their own limit, so that invented addresses do not use it up.
 */
export function createUnbuilt({ find, render, now }: UnbuiltOptions): Unbuilt {
  const mapOf = <Value>({ milliseconds, entries }: { milliseconds: number; entries: number }) =>
    createExpiringMap<Value>(now, milliseconds, entries)
  const missing = mapOf<'missing'>(unbuiltLimits.missing)
  const kept = mapOf<Exclude<FoundPage, 'missing'>>(unbuiltLimits.kept)
  const known = mapOf<true>(unbuiltLimits.known)
  const limiters = {
    known: createLookupLimiter(now, unbuiltLimits.ofKnown),
    unknown: createLookupLimiter(now, unbuiltLimits.ofUnknown),
  }
  const underWay = new Map<string, Promise<FoundPage | Unknown>>()

  function lookUp(key: string, address: UnbuiltAddress): Promise<FoundPage | Unknown> {
    const stored = missing.get(key) ?? kept.get(key)
    if (stored) return Promise.resolve(stored)
    const shared = underWay.get(key)
    if (shared) return shared
    const end = limiters[known.get(key) ? 'known' : 'unknown'].begin()
    if (!end) return Promise.resolve(unknown)
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
        end()
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

/** Tells whether a page contains only the preview of an article. Lists contain heads only. */
const isPreview = ({ template, context }: PageSpec): boolean => template !== 'article' || context.article.rest === null

/** Returns the page of an address. Gatsby's router requests its data at another address. */
function pageOf(pathname: string): { readonly page: string; readonly isData: boolean } {
  const [, page] = /^\/page-data(\/.+\/)page-data\.json$/.exec(pathname) ?? []
  return page === undefined ? { page: pathname, isData: false } : { page, isData: true }
}
