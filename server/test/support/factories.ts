import { randomUUID } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../src/db/index.ts'

// Creates rows for tests. Names are unique, so that tests can share a database.

export const unique = (): string => randomUUID().slice(0, 8)

type Visibility = 'PUBLIC' | 'MEMBERS' | 'PAID' | 'PLANS'
type MembershipFields = Partial<Parameters<Database['membership']['create']>[0]['data']>

export interface NewArticle {
  readonly visibility?: Visibility
  readonly planIds?: readonly string[]
  readonly publishedAt?: Date | null
  readonly html?: string
  readonly authorId?: string
  readonly seriesId?: string
  readonly tagIds?: readonly string[]
}

export interface MadeArticle {
  readonly id: string
  readonly slug: string
  readonly html: string
  readonly requirementId: string
}

/** Creates an article with its requirement and its body. Default: public, published a day ago. */
export async function makeArticle(db: Database, article: NewArticle = {}): Promise<MadeArticle> {
  const id = uuidv7()
  const slug = `article-${unique()}`
  const now = new Date(Date.now() - 86_400_000)
  const html = article.html ?? `<p>Preview of ${slug}.</p><p>Secret of ${slug}.</p>`
  const authorId = article.authorId ?? (await makeNamed(db, 'author'))
  const requirementId = uuidv7()
  await db.$transaction(async (tx) => {
    await tx.article.create({
      data: {
        id,
        slug,
        title: `Title of ${slug}`,
        excerpt: `Excerpt of ${slug}`,
        previewHtml: `<p>Preview of ${slug}.</p>`,
        readingMinutes: 3,
        publishedAt: article.publishedAt === undefined ? now : article.publishedAt,
        authorId,
        seriesId: article.seriesId ?? null,
        sourceHash: unique(),
        createdAt: now,
        updatedAt: now,
      },
    })
    await tx.articleBody.create({ data: { articleId: id, html, rest: html.replace(/^<p>Preview.*?<\/p>/, '') } })
    await tx.articleRequirement.create({
      data: { id: requirementId, articleId: id, visibility: article.visibility ?? 'PUBLIC', validFrom: now },
    })
    await tx.articleRequirementPlan.createMany({
      data: (article.planIds ?? []).map((planId) => ({ requirementId, planId })),
    })
    await tx.articleTag.createMany({
      data: (article.tagIds ?? []).map((tagId, position) => ({ articleId: id, tagId, position })),
    })
  })
  return { id, slug, html, requirementId }
}

export async function makeNamed(db: Database, kind: 'author' | 'tag' | 'series'): Promise<string> {
  const id = uuidv7()
  const data = { id, slug: `${kind}-${unique()}`, name: `Name of ${kind}` }
  if (kind === 'author') await db.author.create({ data })
  else if (kind === 'tag') await db.tag.create({ data })
  else await db.series.create({ data })
  return id
}

export interface MadePlan {
  readonly id: string
  readonly slug: string
}

export async function makePlan(
  db: Database,
  { monthly, includes = [], archived = false }: { monthly?: number; includes?: string[]; archived?: boolean } = {},
): Promise<MadePlan> {
  const id = uuidv7()
  const slug = `plan-${unique()}`
  const now = new Date(Date.now() - 86_400_000)
  await db.plan.create({
    data: { id, slug, name: `Name of ${slug}`, description: '', createdAt: now, archivedAt: archived ? now : null },
  })
  if (monthly !== undefined) {
    await db.planPrice.create({ data: { planId: id, interval: 'MONTHLY', amountMinor: monthly, currency: 'EUR' } })
  }
  for (const includedPlanId of includes) {
    await db.planInclusion.create({ data: { planId: id, includedPlanId, validFrom: now, included: true } })
  }
  return { id, slug }
}

export interface MadeMember {
  readonly id: string
  readonly subject: string
}

export async function makeMember(
  db: Database,
  { issuer, subject = `auth0|${unique()}`, disabled = false }: { issuer: string; subject?: string; disabled?: boolean },
): Promise<MadeMember> {
  const id = uuidv7()
  const now = new Date(Date.now() - 86_400_000)
  await db.member.create({
    data: {
      id,
      kind: 'PERSON',
      createdAt: now,
      standingChangedAt: now,
      standingCause: 'test',
      disabledAt: disabled ? now : null,
      profileAttemptedAt: new Date(),
      identities: { create: { issuer, subject, createdAt: now } },
    },
  })
  return { id, subject }
}

/** Creates a membership. Default: a gift that gives access for another 30 days. */
export async function makeMembership(
  db: Database,
  memberId: string,
  planId: string,
  fields: MembershipFields = {},
): Promise<void> {
  const startedAt = new Date(Date.now() - 40 * 86_400_000)
  await db.membership.create({
    data: {
      id: uuidv7(),
      memberId,
      planId,
      status: 'ACTIVE',
      source: 'GIFT',
      startedAt,
      currentPeriodEnd: new Date(Date.now() + 30 * 86_400_000),
      changedAt: startedAt,
      changeCause: 'test',
      ...fields,
    } as Parameters<Database['membership']['create']>[0]['data'],
  })
}
