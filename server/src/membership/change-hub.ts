/** Hands on, inside this process, whose memberships or standing changed. It holds what is followed at the moment, and no more. */
export interface ChangeHub {
  /** @returns how to be told no more */
  follow(memberId: string, listener: () => void): () => void
  tell(memberId: string): void
  /** Somebody's may have changed, and nobody knows whose: after a time in which the database was not heard. */
  tellAll(): void
  /** How many follow. */
  readonly size: number
}

export function createChangeHub(): ChangeHub {
  const followers = new Map<string, Set<() => void>>()
  let size = 0

  return {
    follow(memberId, listener) {
      const own = () => listener()
      const those = followers.get(memberId) ?? new Set()
      followers.set(memberId, those.add(own))
      size += 1
      return () => {
        if (!those.delete(own)) return
        size -= 1
        if (those.size === 0) followers.delete(memberId)
      }
    },
    tell(memberId) {
      for (const listener of [...(followers.get(memberId) ?? [])]) listener()
    },
    tellAll() {
      for (const those of [...followers.values()]) for (const listener of [...those]) listener()
    },
    get size() {
      return size
    },
  }
}
