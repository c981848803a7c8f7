import type Stripe from 'stripe'
import { z } from 'zod'
import type { Database } from '../db/index.ts'
import { enqueue, handle, type Handler, type JobKind } from '../jobs/index.ts'
import type { Clock } from '../lib/clock.ts'
import { differences } from './inbox/index.ts'

/** Compares what we hold with the provider. It goes through every subscription, which takes its time. */
export const comparison: JobKind<{ readonly isSecondLook: boolean }> = {
  name: 'billing.compare',
  policy: { longestTry: 3_600, retries: 3 },
  data: z.object({ isSecondLook: z.boolean().default(false) }),
}

const daysBack = 3
/** What the provider is just telling us differs for a moment only: so what differs is looked at again, after so many seconds. */
const secondLookSeconds = 300

export interface ComparisonOptions {
  readonly db: Database
  readonly stripe: Stripe
  readonly clock: Clock
  readonly graceMilliseconds: number
  readonly livemode: boolean
  /** Told of what `npm run billing:reconcile` would say: how many differences, and the first few. */
  readonly onCompared: (count: number, examples: readonly string[]) => void
}

/** Looks whether we and the provider are of one mind. Reads only: what differs is for people to look at. */
export const comparisons = ({ onCompared, clock, ...options }: ComparisonOptions): Handler =>
  handle(comparison, async ({ data: { isSecondLook }, signal }) => {
    const since = new Date(clock.business().getTime() - daysBack * 86_400_000)
    const clocks = { wallNow: () => clock.wall(), businessNow: () => clock.business() }
    const found: string[] = []
    for await (const { what } of differences({ ...options, ...clocks, since, manyGone: false })) {
      signal.throwIfAborted()
      found.push(what)
    }
    if (found.length > 0 && !isSecondLook) {
      await enqueue(options.db, comparison, { isSecondLook: true }, { afterSeconds: secondLookSeconds })
    } else onCompared(found.length, found.slice(0, 5))
  })
