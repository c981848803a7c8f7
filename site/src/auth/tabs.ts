/** What the tabs of this site tell each other: that something changed, never who. */
export type Word = 'signed-in' | 'signed-out'

export interface Tabs {
  readonly tell: (word: Word) => void
  /** Returns how to stop listening. */
  readonly listen: (heard: (word: Word) => void) => () => void
}

/** Between browsers that lack channels, and on the server, nothing is heard. */
export function openTabs(): Tabs {
  if (typeof BroadcastChannel === 'undefined' || typeof window === 'undefined') {
    return { tell: () => undefined, listen: () => () => undefined }
  }
  const channel = new BroadcastChannel('gatepost-session')
  return {
    tell: (word) => channel.postMessage(word),
    listen(heard) {
      const onMessage = ({ data }: MessageEvent<unknown>) => {
        if (data === 'signed-in' || data === 'signed-out') heard(data)
      }
      channel.addEventListener('message', onMessage)
      return () => channel.removeEventListener('message', onMessage)
    },
  }
}
