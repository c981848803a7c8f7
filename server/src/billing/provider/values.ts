import { z } from 'zod'
import { isStorable } from '../../lib/text.ts'

// What the provider's objects are made of, in events and in answers alike. What does not fit goes no further; what a schema does
// not name is dropped. https://docs.stripe.com/api

/** Words for people. */
export const words = z.string().refine(isStorable)
/** An id, a status or any other short name. */
export const text = words.min(1).max(255)
/** An id or, expanded, the object itself. */
export const reference = z.union([text, z.object({ id: text }).transform(({ id }) => id)])
/** The year 9000: days of grace are added to it, and the database ends with the year 9999 in this notation. */
const latestSeconds = 221_845_392_000
/** Unix time in seconds, as it came. */
export const unixSeconds = z.number().int().positive().max(latestSeconds)
/** Unix time in seconds, as a date. */
export const seconds = unixSeconds.transform((value) => new Date(value * 1000))
/** In the smallest unit of a currency; a column of ours and an answer of ours hold no more. */
export const amount = z.number().int().min(-2_147_483_648).max(2_147_483_647)
export const currency = z.string().regex(/^[a-z]{3}$/i)
/** What a merchant, or we, wrote on an object. A Map: its keys are anybody's words. */
export const metadata = z.record(z.string(), z.string()).transform((found) => new Map(Object.entries(found)))
/** Where a browser is sent: never a script. */
export const address = z.string().refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))

export const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null)
export const listOf = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item) }).transform(({ data }) => data)

/** Says where a value did not fit, without any of its content. */
export function misfitOf({ issues: [issue] }: z.ZodError): string {
  return `is malformed at ${issue?.path.join('.').slice(0, 100) || 'its root'}`
}
