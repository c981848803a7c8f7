import { z } from 'zod'

const instant = z.iso.datetime({ offset: true }).transform((value) => Math.floor(Date.parse(value) / 1000))

/** What `POST /_local/subscriptions` takes. Times are ISO; here they are seconds since 1970. */
export const personaShape = z.strictObject({
  customerId: z.string().regex(/^cus_\w{1,60}$/),
  email: z.string().nullable(),
  name: z.string().nullable(),
  metadata: z.record(z.string(), z.string()).optional(),
  subscriptionId: z.string().regex(/^sub_\w{1,60}$/),
  priceId: z.string(),
  status: z.enum(['active', 'past_due', 'canceled']),
  startedAt: instant,
  periodStart: instant,
  periodEnd: instant,
  card: z.enum(['pays', 'failsAtRenewal']),
  cancelAtPeriodEnd: z.boolean().optional(),
  endedAt: instant.nullish(),
  openInvoice: z.boolean().optional(),
})
export type Persona = z.output<typeof personaShape>
