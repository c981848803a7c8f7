import path from 'node:path'
import { root, type ScriptSettings } from '../env.ts'
import { buildSiteOf } from '../site/build-site.ts'
import type { Children, ChildSpec } from './children.ts'

/** A step of a start. Steps are stopped in the reverse order. */
export interface Step {
  /** Printed while the step runs. */
  readonly doing: string
  readonly run: (children: Children) => Promise<void>
}

// In total less than the 10 seconds that a stop may take.
const database: ChildSpec = script('database', 'scripts/local/database/main.ts', 2_000)
const identity: ChildSpec = script('identity', 'scripts/local/identity/main.ts', 500)
const payments: ChildSpec = script('payments', 'scripts/local/payments/main.ts', 500)
export const api: ChildSpec = script('api', 'server/src/main.ts', 6_000)
const site: ChildSpec = script('site', 'scripts/local/site/main.ts', 500)
/** Gatsby's development server for `npm run dev`, which shows changes of the source immediately. */
const siteInDevelopment: ChildSpec = script('site', 'scripts/local/site/develop.ts', 500)

function script(name: string, file: string, stopWithinMilliseconds: number): ChildSpec {
  return { name, script: path.join(root, file), stopWithinMilliseconds }
}

export interface Wanted {
  /** Whether changes of the source are watched (`npm run dev`). */
  readonly watching: boolean
  readonly withSite: boolean
}

export function stepsOf(settings: ScriptSettings, { watching, withSite }: Wanted): Step[] {
  const steps = stepsToApi(settings)
  if (!withSite) return steps
  if (watching) {
    steps.push({ doing: 'Starting Gatsby', run: (children) => children.start(siteInDevelopment) })
    return steps
  }
  steps.push({
    doing: 'Building the site if it has changed (one to four minutes)',
    run: () => buildOrKeep(settings),
  })
  steps.push({ doing: 'Serving the site', run: (children) => children.start(site) })
  return steps
}

async function buildOrKeep(settings: ScriptSettings): Promise<void> {
  const tell = (line: string) => console.log(`  ${line}`)
  if (!(await buildSiteOf(settings, tell))) tell('no changes')
}

/** Returns the steps up to the start of the API. */
export function stepsToApi(settings: ScriptSettings): Step[] {
  const steps: Step[] = []
  const doubles = [
    ...(settings.usesLocalDatabase ? [{ spec: database, what: 'database' }] : []),
    ...(settings.usesLocalIdentity ? [{ spec: identity, what: 'identity provider' }] : []),
    ...(settings.usesLocalPayments ? [{ spec: payments, what: 'payment provider' }] : []),
  ]
  if (doubles.length > 0) {
    steps.push({
      doing: `Starting the local ${inWords(doubles.map(({ what }) => what))}`,
      run: async (children) => void (await Promise.all(doubles.map(({ spec }) => children.start(spec)))),
    })
  }
  steps.push({ doing: 'Migrating the database', run: () => migrate(settings) })
  // The publisher's own database is not seeded automatically; `npm run db:seed` does that.
  if (settings.usesLocalDatabase) steps.push({ doing: 'Setting up the demo publication', run: () => seed(settings) })
  steps.push({ doing: 'Starting the API', run: (children) => children.start(api) })
  return steps
}

async function migrate(settings: ScriptSettings): Promise<void> {
  const { migrateDatabase } = await import('../local/with-database.ts')
  await migrateDatabase(settings, settings.server.databaseUrl, (line) => console.log(`  ${line}`))
}

const inWords = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`

async function seed(settings: ScriptSettings): Promise<void> {
  const { demoContentFolder, seedDemo } = await import('../../prisma/seed.ts')
  const { connectDatabase } = await import('../../server/src/db/index.ts')
  const { businessNow } = await import('../business-now.ts')
  const db = connectDatabase({ url: settings.server.databaseUrl, poolMax: 2, onConnectionLost: () => undefined })
  try {
    const now = await businessNow(settings)
    const { issuer } = settings.server.auth
    await seedDemo(db, { issuer, now, contentFolder: demoContentFolder })
    const { payments } = settings.server
    if (settings.usesLocalPayments && payments?.apiBase) {
      const { seedPayments } = await import('../../prisma/seed/payments.ts')
      await seedPayments(db, { provider: { ...payments, apiBase: payments.apiBase }, issuer, now })
    }
  } finally {
    await db.$disconnect()
  }
}
