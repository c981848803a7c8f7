import { v7 as uuidv7 } from 'uuid'
import type { Transaction } from '../../db/index.ts'
import type { Named } from './front-matter/front-matter.ts'
import { countOthers } from './queries.ts'
import { freeSlug, rowOf, slugsFor, type NamedTable } from './stored-names.ts'

/**
 * Returns the ids of authors, tags or series in the given order, and creates missing rows.
 *
 * Two spellings of a name (`Gardens`, `gardens`) share a row. The stored spelling stays while other articles use it, unless
 * `rename` is set, so that one file does not silently change other articles.
 *
 * @param articleSlug the article that is published
 */
export async function writeNamed(
  tx: Transaction,
  table: NamedTable,
  wanted: readonly Named[],
  { articleSlug, rename }: { readonly articleSlug: string; readonly rename: boolean },
): Promise<string[]> {
  if (wanted.length === 0) return []
  const rows = tx[table] as Transaction['tag']
  const find = () =>
    rows.findMany({
      where: { OR: [{ slug: { in: wanted.flatMap(slugsFor) } }, { name: { in: wanted.map(({ name }) => name) } }] },
      select: { id: true, slug: true, name: true },
    })
  let found = await find()
  // Rows are created in the order of their slugs, because concurrent publications could otherwise deadlock.
  const missing = wanted.filter((named) => rowOf(named, found) === null)
  if (missing.length > 0) {
    const data = missing.map((named) => ({ id: uuidv7(), slug: freeSlug(named, found), name: named.name }))
    await rows.createMany({ data: data.sort((a, b) => (a.slug < b.slug ? -1 : 1)), skipDuplicates: true })
    found = await find()
  }
  const ids: string[] = []
  for (const named of wanted) {
    const row = rowOf(named, found)
    if (!row) throw new Error(`the ${table} ${named.slug} was written and not found`)
    if (row.name !== named.name && (rename || (await countOthers(tx, table, row.id, articleSlug)) === 0)) {
      await rows.update({ where: { id: row.id }, data: { name: named.name }, select: { id: true } })
    }
    ids.push(row.id)
  }
  return ids
}
