import type { z } from 'zod'
import { billingFailure, isMissing, isRefusal, ProviderFault } from './failures.ts'
import { misfitOf } from './values.ts'

// Each call of the SDK goes through one of these functions. They parse responses by the schemas of `answers.ts`, because the SDK
// does not verify its types at run time.

/** Parses an object of the provider. @throws ProviderFault for a malformed object. The message has none of its content */
export function parseObject<T>(found: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(found)
  if (parsed.success) return parsed.data
  throw new ProviderFault(`a response of the payment provider ${misfitOf(parsed.error)}`)
}

/** Waits for a call and parses its answer. @throws the error that `billingFailure` returns; ProviderFault for a malformed answer */
export async function answerOf<T>(call: Promise<unknown>, schema: z.ZodType<T>): Promise<T> {
  return parseObject(await call.catch(throwFailure), schema)
}

/** Waits for a call and ignores its answer. @throws the error that `billingFailure` returns */
export async function send(call: Promise<unknown>): Promise<void> {
  await call.catch(throwFailure)
}

/** Waits for a call and parses its answer. Returns null if the object does not exist at the provider. */
export async function answerUnlessGone<T>(call: Promise<unknown>, schema: z.ZodType<T>): Promise<T | null> {
  return answerUnless(isMissing, call, null, schema)
}

/** Waits for a call and parses its answer. Returns `refused` if the provider refuses the request. */
export async function answerOrRefusal<T>(call: Promise<unknown>, schema: z.ZodType<T>): Promise<T | 'refused'> {
  return answerUnless(isRefusal, call, 'refused', schema)
}

async function answerUnless<T, E>(
  isExpected: (error: unknown) => boolean,
  call: Promise<unknown>,
  instead: E,
  schema: z.ZodType<T>,
): Promise<T | E> {
  try {
    return parseObject(await call, schema)
  } catch (error) {
    if (isExpected(error)) return instead
    return throwFailure(error)
  }
}

function throwFailure(error: unknown): never {
  throw billingFailure(error)
}
