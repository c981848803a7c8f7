import type { z } from 'zod'
import type { StripeProblem } from '../problem.ts'
import type { Provider } from '../state/provider.ts'

export interface Call<P> {
  readonly provider: Provider
  readonly params: P
  /** The id in the path; empty where there is none. */
  readonly id: string
}

/** What is answered: an object, or a refusal after work that stays done, such as a payment that was tried. */
export type Answer = object | StripeProblem

export interface Route {
  readonly method: string
  /** Such as `/v1/customers/:id`. */
  readonly path: string
  readonly shape: z.ZodRawShape
  readonly answer: (call: Call<never>) => Answer
}

export function route<S extends z.ZodRawShape>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  shape: S,
  answer: (call: Call<z.output<z.ZodObject<S>>>) => Answer,
): Route {
  return { method, path: `/v1/${path}`, shape, answer: answer }
}
