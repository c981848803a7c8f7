import { z } from 'zod'
import type { Database } from '../../db/index.ts'
import { createHandler, enqueue, type JobHandler, type JobKind } from '../../jobs/index.ts'
import type { Clock } from '../../lib/clock.ts'
import type { ProviderClient } from '../provider/client.ts'
import { differences } from './differences.ts'

/** The job that compares the stored records with the payment provider. It reads every subscription, which may take minutes. */
export const comparison: JobKind<{ readonly isRecheck: boolean }> = {
  name: 'billing.compare',
  policy: { timeoutSeconds: 3_600, retryLimit: 15 },
  data: z.object({ isRecheck: z.boolean().default(false) }),
}

const lookBackMilliseconds = 3 * 86_400_000
/** A webhook that has not arrived yet causes a difference that disappears by itself. */
const recheckAfterSeconds = 300

interface ComparisonOptions {
  readonly db: Database
  readonly stripe: ProviderClient
  readonly clock: Clock
  readonly graceMilliseconds: number
  readonly livemode: boolean
  /** Called with the number of differences and the first five, once they are confirmed. */
  readonly onCompared: (count: number, examples: readonly string[]) => void
}

/** Creates the handler of comparisons. It changes nothing, and reports differences only if a recheck still finds some. */
export const createComparisonHandler = ({ onCompared, clock, ...options }: ComparisonOptions): JobHandler =>
  createHandler(comparison, async ({ data: { isRecheck }, signal }) => {
    const since = new Date(clock.business().getTime() - lookBackMilliseconds)
    const clocks = { wallNow: () => clock.wall(), businessNow: () => clock.business() }
    const examples: string[] = []
    let count = 0
    for await (const { what } of differences({ ...options, ...clocks, since, manyGone: false })) {
      signal.throwIfAborted()
      count += 1
      if (count <= 5) examples.push(what)
    }
    if (count === 0 || isRecheck) {
      onCompared(count, examples)
      return { differences: count }
    }
    await enqueue(options.db, comparison, { isRecheck: true }, { delaySeconds: recheckAfterSeconds })
    return { differences: count, recheckInSeconds: recheckAfterSeconds }
  })
