import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { readScriptSettings, root } from '../scripts/env.ts'
import { withDatabase } from '../scripts/local/with-database.ts'
import { createClock } from '../server/src/lib/clock.ts'
import { seedDemo, type SeedSummary } from './seed/demo.ts'

export { seedDemo, type SeedOptions, type SeedSummary } from './seed/demo.ts'

export const demoContentFolder = path.join(root, 'prisma', 'content')

/** What a seeding did, in one line. */
export function describeSeed({ plansCreated, accountsCreated, personasSet, articles }: SeedSummary): string {
  const { created, updated, unchanged, kept } = articles
  const done = [
    `articles: ${created} created, ${updated} updated, ${unchanged} unchanged`,
    ...(kept.length > 0 ? [`left as you published them: ${kept.join(', ')}`] : []),
    `plans: ${plansCreated} created`,
    `personas: ${accountsCreated} created, ${personasSet} set anew`,
  ]
  return `Seeded. ${done.join('; ')}.`
}

async function main(): Promise<void> {
  const settings = readScriptSettings()
  if (settings.production) throw new Error('The demo is not for production: its personas are members with known names.')
  const now = createClock().business()
  const options = { issuer: settings.server.auth.issuer, now, contentFolder: demoContentFolder }
  console.log(describeSeed(await withDatabase((db) => seedDemo(db, options))))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}
