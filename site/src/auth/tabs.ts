/** A message between the tabs of this site. It does not name the person. */
export type TabMessage = 'signed-in' | 'signed-out'

export interface Tabs {
  readonly send: (message: TabMessage) => void
  /** Returns how many sign-outs there were, in this tab and others, since the page was loaded. */
  readonly signOuts: () => number
  /** Returns an unsubscribe function. */
  readonly listen: (onMessage: (message: TabMessage) => void) => () => void
}

/** Opens the channel between the tabs. On the server, and in browsers without BroadcastChannel, it does nothing. */
export function openTabs(): Tabs {
  if (typeof BroadcastChannel === 'undefined' || typeof window === 'undefined') {
    return { send: () => undefined, signOuts: () => 0, listen: () => () => undefined }
  }
  const channel = new BroadcastChannel('gatepost-session')
  let signOuts = 0
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data === 'signed-out') signOuts += 1
  })
  return {
    signOuts: () => signOuts,
    send(message) {
      if (message === 'signed-out') signOuts += 1
      channel.postMessage(message)
    },
    listen(onMessage) {
      const onEvent = ({ data }: MessageEvent<unknown>) => {
        if (data === 'signed-in' || data === 'signed-out') onMessage(data)
      }
      channel.addEventListener('message', onEvent)
      return () => channel.removeEventListener('message', onEvent)
    },
  }
}
