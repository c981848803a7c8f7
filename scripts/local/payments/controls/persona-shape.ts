import { z } from 'zod'

const instant = z.iso.datetime({ offset: true }).transform((value) => Math.floor(Date.parse(value) / 1000))

/** The body of `POST /_local/subscriptions`. Its times are in ISO format, and in seconds since 1970 after parsing. */
export const personaShape = z.strictObject({
  customerId: z.string().regex(/^cus_\w{1,60}$/),
  email: z.string().nullable(),
  name: z.string().nullable(),
  subscriptionId: z.string().regex(/^sub_\w{1,60}$/),
  priceId: z.string(),
  status: z.enum(['active', 'past_due', 'canceled']),
  startedAt: instant,
  periodStart: instant,
  periodEnd: instant,
  card: z.enum(['pays', 'failsAtRenewal']),
  cancelAtPeriodEnd: z.boolean().optional(),
  endedAt: instant.nullish(),
})
export type Persona = z.output<typeof personaShape>
