import type { z } from 'zod'
import type { Provider } from '../state/provider.ts'

export interface Call<P> {
  readonly provider: Provider
  readonly params: P
  /** The id in the path, or an empty string. */
  readonly id: string
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Below `/v1`, such as `/customers/:id`. */
  readonly path: string
  readonly shape: z.ZodRawShape
  readonly answer: (call: Call<never>) => object
}

export function route<S extends z.ZodRawShape>(
  method: Route['method'],
  path: string,
  shape: S,
  answer: (call: Call<z.output<z.ZodObject<S>>>) => object,
): Route {
  return { method, path: `/${path}`, shape, answer }
}
