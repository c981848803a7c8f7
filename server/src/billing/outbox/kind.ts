import { z } from 'zod'
import type { JobKind } from '../../jobs/index.ts'

/** Makes the provider call of a `billing_task`. Retried for about a day. */
export const providerTask: JobKind<{ readonly taskId: string }> = {
  name: 'billing.provider-task',
  policy: { timeoutSeconds: 120, retryLimit: 300 },
  data: z.object({ taskId: z.uuid() }),
}
