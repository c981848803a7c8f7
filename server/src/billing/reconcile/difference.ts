/** A fact that differs between the stored records and the payment provider. */
export interface Difference {
  readonly what: string
  /** Whether `fix` resolves the difference. Other differences need a person. */
  readonly fixable: boolean
  readonly fix: () => Promise<void>
}

export const fixable = (what: string, fix: () => Promise<void>): Difference => ({ what, fixable: true, fix })

/** Returns a difference that only people can resolve. */
export const unfixable = (what: string): Difference => ({ what, fixable: false, fix: () => Promise.resolve() })
