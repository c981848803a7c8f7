import { personas } from '../../scripts/local/identity/personas.ts'
import type { Database } from '../../server/src/db/index.ts'
import { seedArticles, type ArticlesSummary } from './articles.ts'
import { seedAccounts, seedHoldings } from './members.ts'
import { seedPlans } from './plans.ts'

export interface SeedOptions {
  /** The `iss` of the tokens that the personas will come with. */
  readonly issuer: string
  /** Business time: what the personas hold is relative to its day. */
  readonly now: Date
  readonly contentFolder: string
}

export interface SeedSummary {
  readonly plansCreated: number
  readonly accountsCreated: number
  /** Personas whose membership or standing was set anew. */
  readonly personasSet: number
  readonly articles: ArticlesSummary
}

/** Any number that nobody else locks with; two seeds take turns, the second finds everything done. */
const seedLock = 4_712_026

/**
 * The demo publication and its personas. Safe to repeat: it makes what is missing and sets the personas' memberships anew. Not
 * for production: it hands memberships to well-known subjects.
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
