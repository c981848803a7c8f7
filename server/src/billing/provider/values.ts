import { z } from 'zod'
import { isStorable } from '../../lib/text.ts'

// Schemas of the values in the provider's events and responses (https://docs.stripe.com/api). Fields that a schema does not name are
// dropped.

/** Text for people. */
export const words = z.string().refine(isStorable)
/** An id, a status or any other short name. */
export const text = words.min(1).max(255)
/** An id, or the object itself if it was expanded. Parsed to the id. */
export const reference = z.union([text, z.object({ id: text }).transform(({ id }) => id)])
/** The year 9000. It leaves room for the grace before the year 9999, the last that this date format allows. */
const latestSeconds = 221_845_392_000
/** Unix time in seconds, kept as a number. */
export const unixSeconds = z.number().int().positive().max(latestSeconds)
/** Unix time in seconds, parsed to a date. */
export const seconds = unixSeconds.transform((value) => new Date(value * 1000))
/** An amount in the smallest unit of a currency, within the range of a 32-bit column and a GraphQL Int. */
export const amount = z.number().int().min(-2_147_483_648).max(2_147_483_647)
export const currency = z.string().regex(/^[a-z]{3}$/i)
/** Metadata of an object. Parsed to a Map, because a key may be a name such as `__proto__`. */
export const metadata = z.record(z.string(), z.string()).transform((found) => new Map(Object.entries(found)))
/** A URL for a browser: http or https, never a script. */
export const address = z.string().refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))

export const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null)
export const listOf = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item) }).transform(({ data }) => data)

/** Describes where a value is malformed, without its content. */
export function misfitOf({ issues: [issue] }: z.ZodError): string {
  return `is malformed at ${issue?.path.join('.').slice(0, 100) || 'its root'}`
}
