import { z } from 'zod'
import type { JobKind } from '../../jobs/index.ts'

/** Makes the call of a `billing_task`. It is tried for a day: nobody keeps what was given back because the provider was away. */
export const providerTask: JobKind<{ readonly taskId: string }> = {
  name: 'billing.provider-task',
  policy: { longestTry: 60, retries: 300 },
  data: z.object({ taskId: z.uuid() }),
}
