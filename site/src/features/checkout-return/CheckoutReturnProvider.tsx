import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import type { BoughtGiftFragment } from '../../api/operations.ts'
import { useSession } from '../../auth/session.tsx'
import { useExpectedChange, useLive } from '../../live/index.ts'
import { isRedeemable, paidMembership } from '../../membership/holdings.ts'
import { intervalNoun } from '../../membership/interval-words.ts'
import { useViewer } from '../../membership/use-viewer.ts'
import { useHydrated } from '../../ui/use-hydrated.ts'
import { keepArrivedPurchase, type ArrivedPurchase } from './arrived-purchase.ts'
import { readCheckoutReturn, type CheckoutReturn } from './checkout-return-address.ts'
import { checkoutReturnStage, checkoutReturnWords, type CheckoutReturnStage } from './checkout-return-words.ts'

/** The notice of a return from the payment provider. */
export interface CheckoutReturnNotice {
  readonly stage: CheckoutReturnStage
  readonly words: string
  /** The gift that was bought, once it can be used. */
  readonly gift: BoughtGiftFragment | null
  readonly checkAgain: () => Promise<unknown>
  readonly dismiss: () => void
}

const CheckoutReturnContext = createContext<CheckoutReturnNotice | null>(null)

/** Returns the notice, or null if there is no return from checkout or its notice was dismissed. */
export const useCheckoutReturnNotice = (): CheckoutReturnNotice | null => use(CheckoutReturnContext)

/** The return from checkout whose notice is shown. Kept in memory only, so it is lost at a reload. */
interface ShownReturn extends CheckoutReturn {
  readonly path: string
}

export function CheckoutReturnProvider({ children }: { children: ReactNode }) {
  const { status } = useSession()
  const hydrated = useHydrated()
  const known = hydrated && status !== 'pending'
  const [shown, setShown] = useState<ShownReturn | null>(null)

  // State is set while rendering, so that the first paint shows the notice. The session must be known before: restoring it may redirect to
  // the identity provider and back to this address.
  let current = shown
  if (known) {
    const { checkoutReturn } = readCheckoutReturn(window.location.search)
    const path = window.location.pathname
    if (checkoutReturn && !isSame(shown, checkoutReturn, path)) setShown((current = { ...checkoutReturn, path }))
    // The reader has left the page that shows the notice.
    else if (shown && shown.path !== path) setShown((current = null))
  }

  useEffect(() => {
    if (!known) return
    const { pathname, search, hash } = window.location
    const { checkoutReturn, search: rest } = readCheckoutReturn(search)
    if (checkoutReturn) window.history.replaceState(window.history.state, '', `${pathname}${rest}${hash}`)
  })

  const dismiss = useCallback(() => setShown(null), [])
  const notice = useNotice(current, status === 'signed-in', dismiss)
  return <CheckoutReturnContext value={notice}>{children}</CheckoutReturnContext>
}

const isSame = (shown: ShownReturn | null, { outcome, purchase }: CheckoutReturn, path: string): boolean =>
  shown?.outcome === outcome && shown.purchase === purchase && shown.path === path

function useNotice(shown: ShownReturn | null, signedIn: boolean, dismiss: () => void): CheckoutReturnNotice | null {
  const { viewer } = useViewer()
  const { check } = useLive()
  const [before, setArrived] = useState<ArrivedPurchase<ShownReturn, BoughtGiftFragment> | null>(null)
  const facts = shown && { checkoutReturn: shown, signedIn, holdings: viewer }
  const isExpected =
    facts !== null &&
    before?.checkoutReturn !== shown &&
    checkoutReturnStage({ ...facts, delayed: false }) === 'waiting'
  const delayed = useExpectedChange(isExpected)
  const currentStage = facts && checkoutReturnStage({ ...facts, delayed })
  const purchase = shown?.purchase ?? 'plan'
  // Newest first.
  const code = (purchase === 'gift' && viewer?.gifts?.find(isRedeemable)) || null
  const held = viewer && paidMembership(viewer.memberships)
  const bought = code ? `${code.plan.name} for ${intervalNoun(code.interval)}` : (held?.plan.name ?? null)
  // State is set while rendering, so that the notice shows the purchase that is kept.
  const kept = keepArrivedPurchase(before, { checkoutReturn: shown, stage: currentStage, gift: code, name: bought })
  if (kept !== before) setArrived(kept)
  const stage = kept ? 'arrived' : currentStage

  const arrived = stage === 'arrived'
  useEffect(() => {
    // Queries on the page may have been answered before the purchase arrived.
    if (arrived) void check().catch(() => undefined)
  }, [arrived, check])

  const { gift, name } = kept ?? { gift: null, name: null }
  return useMemo(
    () =>
      stage ? { stage, words: checkoutReturnWords(stage, purchase, name), gift, checkAgain: check, dismiss } : null,
    [stage, purchase, name, gift, check, dismiss],
  )
}
