import { CombinedGraphQLErrors, ServerError } from '@apollo/client'

/** What went wrong, as the API's code; `AWAY` when nothing answered at all. */
export function codeOf(error: unknown): string {
  if (CombinedGraphQLErrors.is(error)) {
    const code: unknown = error.errors[0]?.extensions?.code
    return typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR'
  }
  if (!ServerError.is(error)) return 'AWAY'
  try {
    const body = JSON.parse(error.bodyText) as { errors?: { extensions?: { code?: string } }[] }
    return body.errors?.[0]?.extensions?.code ?? 'AWAY'
  } catch {
    return 'AWAY'
  }
}

/** How long the API asks to wait, in seconds; null: it does not say. */
export function retryAfterOf(error: unknown): number | null {
  if (!ServerError.is(error)) return null
  const seconds = Number(error.response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds : null
}
