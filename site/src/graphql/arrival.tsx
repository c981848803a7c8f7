import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useSession } from '../auth/session.tsx'
import { latch, type Landing } from '../lib/arrival-latch.ts'
import { arrivalStage, arrivalWords, type ArrivalStage } from '../lib/arrival-words.ts'
import { giftTime } from '../lib/billing-words.ts'
import { readCheckoutReturn, type CheckoutReturn } from '../lib/checkout-return.ts'
import { isGoodGift, paidMembership } from '../lib/holdings.ts'
import { arrivalPause } from '../lib/pauses.ts'
import { useBegun } from '../lib/use-begun.ts'
import type { BoughtGiftFragment } from './operations.ts'
import { useViewer } from './use-viewer.ts'
import { useCheck } from './viewer-changes.tsx'

/** Somebody comes back from the payment provider. */
export interface Arrival {
  readonly stage: ArrivalStage
  readonly words: string
  /** What was bought for somebody else, once it is there. */
  readonly gift: BoughtGiftFragment | null
  readonly checkAgain: () => Promise<unknown>
  readonly dismiss: () => void
}

const ArrivalContext = createContext<Arrival | null>(null)

/** Null: nobody comes back, or it was said and done. */
export const useArrival = (): Arrival | null => use(ArrivalContext)

/** What the address said. It is kept in the page, and nowhere else: a reload knows nothing of it. */
interface Noted extends CheckoutReturn {
  readonly path: string
}

export function ArrivalProvider({ children }: { children: ReactNode }) {
  const { status } = useSession()
  const begun = useBegun()
  const known = begun && status !== 'pending'
  const [noted, note] = useState<Noted | null>(null)

  // While rendering: the page is drawn with it at once. Not before it is known who reads, which may take a visit to the provider
  // and back to this very address.
  let current = noted
  if (known) {
    const { arrival } = readCheckoutReturn(window.location.search)
    const path = window.location.pathname
    if (arrival && !isSame(noted, arrival, path)) note((current = { ...arrival, path }))
    // Left behind with the page that it was said on.
    else if (noted && noted.path !== path) note((current = null))
  }

  useEffect(() => {
    if (!known) return
    const { pathname, search, hash } = window.location
    const { arrival, search: rest } = readCheckoutReturn(search)
    if (arrival) window.history.replaceState(window.history.state, '', `${pathname}${rest}${hash}`)
  })

  const dismiss = useCallback(() => note(null), [])
  const arrival = useStage(current, status === 'signed-in', dismiss)
  return <ArrivalContext value={arrival}>{children}</ArrivalContext>
}

const isSame = (noted: Noted | null, { outcome, purchase }: CheckoutReturn, path: string): boolean =>
  noted?.outcome === outcome && noted.purchase === purchase && noted.path === path

function useStage(noted: Noted | null, signedIn: boolean, dismiss: () => void): Arrival | null {
  const { viewer } = useViewer()
  const check = useCheck()
  const [tries, setTries] = useState(0)
  const pause = arrivalPause(tries)
  const [before, land] = useState<Landing<Noted, BoughtGiftFragment> | null>(null)
  const seen = noted && arrivalStage({ arrival: noted, signedIn, standing: viewer, late: pause === null })
  const purchase = noted?.purchase ?? 'plan'
  // They come the latest first.
  const code = (purchase === 'gift' && viewer?.gifts?.find(isGoodGift)) || null
  const held = viewer && paidMembership(viewer.memberships)
  const bought = code ? `${code.plan.name} for ${giftTime(code.interval)}` : (held?.plan.name ?? null)
  // While rendering: what is drawn is what is held.
  const landed = latch(before, { noted, stage: seen, gift: code, name: bought })
  if (landed !== before) land(landed)
  const stage = landed ? 'arrived' : seen
  const waits = stage === 'waiting'

  useEffect(() => {
    if (!waits || pause === null) return
    const timer = setTimeout(() => {
      void check()
        .catch(() => undefined)
        .then(() => setTries((count) => count + 1))
    }, pause)
    return () => clearTimeout(timer)
  }, [waits, pause, check])

  const arrived = stage === 'arrived'
  useEffect(() => {
    // What is held may have been answered after, and the article before the news came.
    if (arrived) void check().catch(() => undefined)
  }, [arrived, check])

  const { gift, name } = landed ?? { gift: null, name: null }
  return useMemo(
    () => (stage ? { stage, words: arrivalWords(stage, purchase, name), gift, checkAgain: check, dismiss } : null),
    [stage, purchase, name, gift, check, dismiss],
  )
}
