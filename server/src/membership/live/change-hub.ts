/** Publishes, inside this process, that a member's memberships or account changed. Keeps only the current subscriptions. */
export interface ChangeHub {
  /** Returns an unsubscribe function. */
  subscribe(memberId: string, listener: () => void): () => void
  publish(memberId: string): void
  /** Publishes to every subscriber: notifications of the database may have been missed, and the members are unknown. */
  publishAll(): void
  /** Number of subscriptions. */
  readonly size: number
}

export function createChangeHub(): ChangeHub {
  const listeners = new Map<string, Set<() => void>>()
  let size = 0

  return {
    subscribe(memberId, listener) {
      const wrapper = () => listener()
      const ofMember = listeners.get(memberId) ?? new Set()
      listeners.set(memberId, ofMember.add(wrapper))
      size += 1
      return () => {
        if (!ofMember.delete(wrapper)) return
        size -= 1
        if (ofMember.size === 0) listeners.delete(memberId)
      }
    },
    publish(memberId) {
      for (const listener of [...(listeners.get(memberId) ?? [])]) listener()
    },
    publishAll() {
      for (const ofMember of [...listeners.values()]) for (const listener of [...ofMember]) listener()
    },
    get size() {
      return size
    },
  }
}
