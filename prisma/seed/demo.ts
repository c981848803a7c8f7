import { personas } from '../../scripts/local/identity/personas.ts'
import type { Database } from '../../server/src/db/index.ts'
import { seedArticles, type ArticlesSummary } from './articles.ts'
import { seedAccounts, seedHoldings } from './members.ts'
import { seedPlans } from './plans.ts'

export interface SeedOptions {
  /** The issuer of the personas' tokens. */
  readonly issuer: string
  /** Business time. The personas' memberships are relative to its day. */
  readonly now: Date
  readonly contentFolder: string
}

export interface SeedSummary {
  readonly plansCreated: number
  readonly accountsCreated: number
  /** Personas whose membership or account was reset. */
  readonly personasSet: number
  readonly articles: ArticlesSummary
}

/** An arbitrary number for an advisory lock. Concurrent seedings run one after the other. */
const seedLock = 4_712_026

/**
 * Creates the demo publication and its personas. Idempotent: it creates missing rows and resets the personas' memberships. Not for
 * production, because it grants memberships to well-known subjects.
 */
export async function seedDemo(db: Database, { issuer, now, contentFolder }: SeedOptions): Promise<SeedSummary> {
  const accountsCreated = await seedAccounts(db, issuer, personas, now)
  const { plansCreated, personasSet } = await db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${seedLock})`
    const { ids, created } = await seedPlans(tx, now)
    const changed = await seedHoldings(tx, { issuer, personas, planIds: ids, now })
    return { plansCreated: created, personasSet: changed }
  })
  const articles = await seedArticles(db, contentFolder, now)
  return { plansCreated, accountsCreated, personasSet, articles }
}
