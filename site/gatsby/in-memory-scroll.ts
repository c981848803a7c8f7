/** Where each address was scrolled to. In the page's memory: what somebody reads, and how far, is not written down anywhere. */
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
