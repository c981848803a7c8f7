import type { ArrivalStage } from './arrival-words.ts'

/** What had arrived when it did, and with which arrival of the reader. */
export interface Landing<Noted, Gift> {
  readonly noted: Noted
  readonly gift: Gift | null
  readonly name: string | null
}

export interface Seen<Noted, Gift> {
  /** The reader's arrival, by identity; null: nobody comes back. */
  readonly noted: Noted | null
  readonly stage: ArrivalStage | null
  /** What was bought for somebody else, and the name of what was bought, as they are now. */
  readonly gift: Gift | null
  readonly name: string | null
}

/**
 * Holds what was first seen of a purchase that has arrived. What happens to it later, as a payment that fails a month on, is another
 * event: this one's notice goes on telling what it told.
 *
 * @param before what was held until now
 * @returns what is held from now on, which is `before` itself when nothing changes; null: nothing has arrived
 */
export function latch<Noted, Gift>(
  before: Landing<Noted, Gift> | null,
  { noted, stage, gift, name }: Seen<Noted, Gift>,
): Landing<Noted, Gift> | null {
  if (noted === null) return null
  if (before?.noted === noted) return before
  return stage === 'arrived' ? { noted, gift, name } : null
}
