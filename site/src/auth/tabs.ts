/** What the tabs of this site tell each other: that something changed, never who. */
export type Word = 'signed-in' | 'signed-out'

export interface Tabs {
  readonly tell: (word: Word) => void
  /** How often somebody signed out, here or in another tab, since the page began. */
  readonly departures: () => number
  /** Returns how to stop listening. */
  readonly listen: (heard: (word: Word) => void) => () => void
}

/** Between browsers that lack channels, and on the server, nothing is heard. */
export function openTabs(): Tabs {
  if (typeof BroadcastChannel === 'undefined' || typeof window === 'undefined') {
    return { tell: () => undefined, departures: () => 0, listen: () => () => undefined }
  }
  const channel = new BroadcastChannel('gatepost-session')
  let departures = 0
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data === 'signed-out') departures += 1
  })
  return {
    departures: () => departures,
    tell(word) {
      if (word === 'signed-out') departures += 1
      channel.postMessage(word)
    },
    listen(heard) {
      const onMessage = ({ data }: MessageEvent<unknown>) => {
        if (data === 'signed-in' || data === 'signed-out') heard(data)
      }
      channel.addEventListener('message', onMessage)
      return () => channel.removeEventListener('message', onMessage)
    },
  }
}
