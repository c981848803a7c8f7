import { z } from 'zod'
import { StripeProblem } from '../problem.ts'
import type { Raw } from './form.ts'

// Shapes of parameters. Every value arrives as text.

export const text = z.string().min(1).max(5000)
export const integer = z
  .string()
  .regex(/^-?\d{1,15}$/)
  .transform(Number)
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true')
/** Seconds since 1970. */
export const instant = integer
export const address = z.string().max(5000).refine(isWebAddress)
export const list = <T extends z.ZodType>(item: T) => z.preprocess(asList, z.array(item).max(100))
export const oneOf = <const T extends readonly string[]>(...values: T) => z.enum(values)
export const metadata = z.record(z.string().max(40), z.string().max(500))
export const prorationBehavior = oneOf('none', 'create_prorations', 'always_invoice')
export const currency = z
  .string()
  .regex(/^[a-zA-Z]{3}$/)
  .transform((value) => value.toLowerCase())

/** The parameters of every list. */
export const paging = {
  limit: integer.refine((value) => value >= 1 && value <= 100).optional(),
  starting_after: text.optional(),
}

function isWebAddress(value: string): boolean {
  return /^https?:\/\//.test(value) && URL.canParse(value.replace('{CHECKOUT_SESSION_ID}', 'id'))
}

function asList(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.keys(value).every((key) => /^\d{1,4}$/.test(key)) ? Object.values(value) : value
}

/**
 * Checks parameters against the shape of a route. Refuses every other parameter, also where Stripe accepts it, so that a mistake is
 * found here and not first against the real API.
 *
 * @throws StripeProblem 400 that names the parameter
 */
export function checkParameters<S extends z.ZodRawShape>(
  shape: S,
  raw: Raw,
): z.output<z.ZodObject<S>> & { readonly expand?: readonly string[] } {
  const result = z.strictObject({ ...shape, expand: list(text).optional() }).safeParse(raw)
  if (result.success) return result.data as z.output<z.ZodObject<S>>
  throw asProblem(result.error.issues[0], raw)
}

type Issue = z.core.$ZodIssue

function asProblem(issue: Issue | undefined, raw: Raw): StripeProblem {
  let found = issue
  const path: PropertyKey[] = [...(found?.path ?? [])]
  while (found?.code === 'invalid_union') {
    const branch: Issue | undefined = found.errors.map((one) => one[0]).findLast((one) => one !== undefined)
    if (!branch) break
    found = branch
    path.push(...branch.path)
  }
  if (found?.code === 'unrecognized_keys') {
    const param = nameOf([...path, found.keys[0] ?? ''])
    return problem('parameter_unknown', `Received unknown parameter: ${param}`, param)
  }
  const param = nameOf(path)
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], raw)
  if (value === undefined) return problem('parameter_missing', `Missing required param: ${param}.`, param)
  if (value === '')
    return problem(
      'parameter_invalid_empty',
      `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`,
      param,
    )
  const shown = typeof value === 'string' ? value.slice(0, 100) : 'an object'
  return problem('parameter_invalid', `Invalid ${param}: ${shown}`, param)
}

const nameOf = ([first, ...rest]: PropertyKey[]): string =>
  String(first ?? '') + rest.map((key) => `[${String(key)}]`).join('')

const problem = (code: string, message: string, param: string) =>
  new StripeProblem(400, { type: 'invalid_request_error', code, message, param }, true)
