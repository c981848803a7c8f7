import { encodePath } from '../address.ts'
import { liveFolders } from '../../../../site/src/lib/addresses.ts'
import { unbuiltAddressOf, type FoundPage, type UnbuiltAddress } from './find-page.ts'
import { pageDataOf, type PageRenderer } from './page-renderer.ts'

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

/** What one address may cost: anybody can ask for any. */
export const unbuiltLimits = {
  /** How long an address that does not exist is remembered. */
  missingMilliseconds: 5_000,
  /** Remembered addresses; the oldest gives way. */
  missingEntries: 1_000,
  /** Look-ups at the API at a time. */
  atOnce: 4,
  /** Look-ups in a row, and how many come back each second. An anonymous caller of the API has 300 a minute. */
  burst: 30,
  perSecond: 2,
  retryAfterSeconds: 5,
} as const

/**
 * Knows by the API which addresses exist. Questions for the same address share one look-up. Pages that exist are not remembered: a
 * page that was locked or unpublished is gone with the next question.
 */
export function createUnbuilt({ find, render, now }: UnbuiltOptions): Unbuilt {
  const missing = createMissing(now)
  const tokens = createTokens(now)
  const underWay = new Map<string, Promise<FoundPage | Unknown>>()

  async function lookUp(key: string, address: UnbuiltAddress): Promise<FoundPage | Unknown> {
    if (missing.has(key)) return 'missing'
    const shared = underWay.get(key)
    if (shared) return shared
    if (underWay.size >= unbuiltLimits.atOnce || !tokens.take()) return unknown
    const found = find(address).catch(() => unknown)
    underWay.set(key, found)
    try {
      const answer = await found
      if (answer === 'missing') missing.add(key)
      return answer
    } finally {
      underWay.delete(key)
    }
  }

  return {
    async look(pathname) {
      const { page, isData } = pageOf(pathname)
      if (!liveFolders.includes(page.split('/', 2)[1] ?? '')) return null
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

/** The page that an address is, or is the data of: Gatsby's router fetches those. */
function pageOf(pathname: string): { readonly page: string; readonly isData: boolean } {
  const [, page] = /^\/page-data(\/.+\/)page-data\.json$/.exec(pathname) ?? []
  return page === undefined ? { page: pathname, isData: false } : { page, isData: true }
}

function createMissing(now: () => number) {
  const until = new Map<string, number>()
  return {
    has(key: string): boolean {
      const end = until.get(key)
      if (end === undefined) return false
      if (end > now()) return true
      until.delete(key)
      return false
    },
    add(key: string): void {
      until.delete(key)
      until.set(key, now() + unbuiltLimits.missingMilliseconds)
      const [oldest] = until.keys()
      if (until.size > unbuiltLimits.missingEntries && oldest !== undefined) until.delete(oldest)
    },
  }
}

function createTokens(now: () => number) {
  const { burst, perSecond } = unbuiltLimits
  let left: number = burst
  let at = now()
  return {
    /** Takes one, if there is one. */
    take(): boolean {
      const present = now()
      left = Math.min(burst, left + ((present - at) / 1_000) * perSecond)
      at = present
      if (left < 1) return false
      left -= 1
      return true
    },
  }
}
