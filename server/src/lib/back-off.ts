/** The pauses between attempts, in any unit. */
export interface BackOff {
  readonly first: number
  readonly longest: number
}

/**
 * Returns the pause before the next attempt: the first pause after one failure, twice as long after each further one, up to the longest.
 *
 * @param failures failed attempts in a row, at least 1
 */
export const pauseAfter = (failures: number, { first, longest }: BackOff): number =>
  Math.min(longest, first * 2 ** Math.max(0, failures - 1))
