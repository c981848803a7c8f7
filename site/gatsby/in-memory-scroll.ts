/** Keeps scroll positions in memory instead of sessionStorage, so that no list of read pages is stored. */
export class SessionStorage {
  readonly #positions = new Map<string, unknown>()

  read(location: Location, key?: string | null): unknown {
    return this.#positions.get(placeOf(location, key)) ?? 0
  }

  save(location: Location, key: string | null | undefined, value: unknown): void {
    this.#positions.set(placeOf(location, key), value)
  }
}

const placeOf = ({ pathname }: Location, key?: string | null): string => `${pathname}|${key ?? ''}`
