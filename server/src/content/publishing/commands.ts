import { v7 as uuidv7 } from 'uuid'
import type { Transaction } from '../../db/index.ts'
import { clockToleranceMilliseconds } from '../../lib/clock.ts'
import { CodedError } from '../../lib/errors.ts'
import type { Named } from './front-matter.ts'
import { countOthers, type StoredRequirement } from './queries.ts'
import { freeSlug, rowOf, slugsFor, type NamedTable } from './stored-names.ts'

/**
 * Writes what an article asks for from now on: a new row behind the last one, never a change of it.
 *
 * @throws CONFLICT when the last one counts only from a later time on: behind it, this one would not count now either, and
 *   an article that is to be locked at once would stay open until then
 */
export async function writeRequirement(
  tx: Transaction,
  articleId: string,
  { visibility, planIds }: Omit<StoredRequirement, 'validFrom'>,
  last: StoredRequirement | null,
  { now, publishedAt }: { now: Date; publishedAt: Date | null },
): Promise<void> {
  const [database] = await tx.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS "now"`
  // A publisher's clock that is ahead would leave the new text open, under the old requirement, until the others catch up.
  const soonest = Math.min(now.getTime(), database?.now.getTime() ?? 0)
  // From the beginning on: a published article without a requirement would be one that nobody can be told about.
  const first = Math.min(soonest, publishedAt?.getTime() ?? soonest)
  const earliest = last === null ? first : last.validFrom.getTime() + 1
  if (earliest > now.getTime() + clockToleranceMilliseconds) {
    throw new CodedError(
      'CONFLICT',
      `The visibility of this article already changes at ${last?.validFrom.toISOString()}.`,
    )
  }
  const id = uuidv7()
  const validFrom = new Date(last === null ? first : Math.max(soonest, earliest))
  await tx.articleRequirement.create({ data: { id, articleId, visibility, validFrom }, select: { id: true } })
  if (planIds.length > 0) {
    await tx.articleRequirementPlan.createMany({ data: planIds.map((planId) => ({ requirementId: id, planId })) })
  }
}

/**
 * Finds the ids of authors, tags or series, in the order asked for, and creates those that are missing.
 *
 * Two spellings of a name (`Gardens`, `gardens`) are one row. The stored spelling stays while other articles have it, unless
 * `rename` is set: nobody's article is renamed by another's file in silence.
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
  // Always in the order of the slugs: two who publish at the same time would otherwise wait for each other.
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
