import { isAsciiSlug } from '../../../lib/text.ts'

/** The requirement of an article, with the slugs of its plans. */
export interface RequirementBySlug {
  readonly visibility: 'PUBLIC' | 'MEMBERS' | 'PAID' | 'PLANS'
  /** Sorted and without duplicates. Empty unless the visibility is PLANS. */
  readonly planSlugs: readonly string[]
}

export const visibilityForm = 'public, members, paid, plan:<slug>[,<slug>]'

const simple: ReadonlyMap<string, 'PUBLIC' | 'MEMBERS' | 'PAID'> = new Map([
  ['public', 'PUBLIC'],
  ['members', 'MEMBERS'],
  ['paid', 'PAID'],
])

/** Parses `public`, `members`, `paid` or `plan:<slug>[,<slug>]`. Returns null for anything else. */
export function parseVisibility(value: string): RequirementBySlug | null {
  const visibility = simple.get(value)
  if (visibility !== undefined) return { visibility, planSlugs: [] }
  const plans = /^plan:(.+)$/
    .exec(value)?.[1]
    ?.split(',')
    .map((slug) => slug.trim())
  if (!plans?.every((slug) => isAsciiSlug(slug))) return null
  return { visibility: 'PLANS', planSlugs: [...new Set(plans)].sort() }
}

/** Formats a requirement in the form of the front matter. */
export function visibilityAsWritten(visibility: string | undefined, planSlugs: readonly string[] = []): string {
  return visibility === 'PLANS' ? `plan:${planSlugs.toSorted().join(',')}` : (visibility ?? 'nothing').toLowerCase()
}
