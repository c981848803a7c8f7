/** Why a page that slept wakes. */
export type Wake = 'visible' | 'online' | 'acted'

export interface Attention {
  readonly isHidden: () => boolean
  /** @returns how to stop listening */
  readonly listen: (listeners: { readonly onHide: () => void; readonly onWake: (why: Wake) => void }) => () => void
}

/** Whether somebody looks at this page, or does something in it. */
export const browserAttention: Attention = {
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
