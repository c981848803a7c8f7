import type { Named } from './front-matter/names.ts'
import { slugify } from './slug.ts'

/** The three tables have the same columns, but Prisma has no common type for them. */
export type NamedTable = 'author' | 'tag' | 'series'

interface NamedRow {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/** Returns the possible slugs of a name. The first may belong to a row from the time when `C++` and `C` had the same slug. */
export const slugsFor = ({ slug }: Named): string[] => [slug, `${slug}-2`]

/** Finds the row with the same name, else the row with another spelling of it. */
export function rowOf(named: Named, rows: readonly NamedRow[]): NamedRow | null {
  const sameName = rows.filter(({ name }) => name === named.name)
  return (
    sameName.find(({ slug }) => slug === named.slug) ??
    sameName[0] ??
    rows.find(({ slug, name }) => slugsFor(named).includes(slug) && slugify(name) === named.slug) ??
    null
  )
}

export const freeSlug = (named: Named, rows: readonly NamedRow[]): string =>
  rows.some(({ slug }) => slug === named.slug) ? `${named.slug}-2` : named.slug
