import type { Named } from './front-matter/names.ts'
import { slugify } from './slug.ts'

/** The three tables have the same columns; Prisma has no type that says so. */
export type NamedTable = 'author' | 'tag' | 'series'

interface NamedRow {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/** Another name may have had the slug since before `C++` and `C` were told apart. */
export const slugsFor = ({ slug }: Named): string[] => [slug, `${slug}-2`]

/** The row of that very name, else the row of another spelling of it. */
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
