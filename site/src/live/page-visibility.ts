/** Why a hidden page becomes active again. */
export type Wake = 'visible' | 'online' | 'acted'

export interface PageVisibility {
  readonly isHidden: () => boolean
  /** Returns an unsubscribe function. */
  readonly listen: (listeners: { readonly onHide: () => void; readonly onWake: (why: Wake) => void }) => () => void
}

/** Observes whether this page is visible, online and in use. */
export const browserVisibility: PageVisibility = {
  isHidden: () => document.visibilityState !== 'visible',
  listen({ onHide, onWake }) {
    const onVisibility = () => (document.visibilityState === 'visible' ? onWake('visible') : onHide())
    const onOnline = () => onWake('online')
    const onAct = () => onWake('acted')
    document.addEventListener('visibilitychange', onVisibility)
    window.addEventListener('online', onOnline)
    for (const act of acts) window.addEventListener(act, onAct, { passive: true })
    return () => {
      document.removeEventListener('visibilitychange', onVisibility)
      window.removeEventListener('online', onOnline)
      for (const act of acts) window.removeEventListener(act, onAct)
    }
  },
}

const acts = ['pointerdown', 'keydown', 'wheel'] as const
