import { v7 as uuidv7 } from 'uuid'
import type { Transaction } from '../../db/index.ts'
import { clockToleranceMilliseconds } from '../../lib/clock.ts'
import { CodedError } from '../../lib/errors.ts'
import type { Named } from './front-matter.ts'
import type { StoredRequirement } from './queries.ts'

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
    throw new CodedError('CONFLICT', `Who may read this article already changes at ${last?.validFrom.toISOString()}.`)
  }
  const id = uuidv7()
  const validFrom = new Date(last === null ? first : Math.max(soonest, earliest))
  await tx.articleRequirement.create({ data: { id, articleId, visibility, validFrom }, select: { id: true } })
  if (planIds.length > 0) {
    await tx.articleRequirementPlan.createMany({ data: planIds.map((planId) => ({ requirementId: id, planId })) })
  }
}

/**
 * The ids of authors, tags or series, in the order asked for. Makes those that are missing; a name that is spelt anew, with
 * the same slug, gets the new spelling.
 */
export async function writeNamed(
  tx: Transaction,
  table: 'author' | 'tag' | 'series',
  wanted: readonly Named[],
): Promise<string[]> {
  if (wanted.length === 0) return []
  // The three tables have the same columns; Prisma has no type that says so.
  const rows = tx[table] as Transaction['tag']
  // Always in the order of the slugs: two who publish at the same time would otherwise wait for each other.
  const sorted = wanted.toSorted((a, b) => (a.slug < b.slug ? -1 : 1))
  const find = () =>
    rows.findMany({
      where: { slug: { in: sorted.map(({ slug }) => slug) } },
      select: { id: true, slug: true, name: true },
    })
  let found = await find()
  if (found.length < wanted.length) {
    const data = sorted.map(({ slug, name }) => ({ id: uuidv7(), slug, name }))
    await rows.createMany({ data, skipDuplicates: true })
    found = await find()
  }
  const bySlug = new Map(found.map((row) => [row.slug, row]))
  for (const { slug, name } of sorted) {
    const row = bySlug.get(slug)
    if (row && row.name !== name) await rows.update({ where: { id: row.id }, data: { name }, select: { id: true } })
  }
  return wanted.map(({ slug }) => {
    const row = bySlug.get(slug)
    if (!row) throw new Error(`the ${table} ${slug} was written and not found`)
    return row.id
  })
}
