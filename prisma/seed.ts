import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { businessNow } from '../scripts/business-now.ts'
import { readScriptSettings, root } from '../scripts/env.ts'
import { withDatabase } from '../scripts/local/with-database.ts'
import { runScript, ScriptError } from '../scripts/run-script.ts'
import { seedDemo, type SeedSummary } from './seed/demo.ts'
import { seedPlans } from './seed/plans.ts'

export { seedDemo, type SeedOptions, type SeedSummary } from './seed/demo.ts'

export const demoContentFolder = path.join(root, 'prisma', 'content')

/** Returns a summary of a seeding in one line. */
function describeSeed({ plansCreated, accountsCreated, personasSet, articles }: SeedSummary): string {
  const { created, updated, unchanged, kept } = articles
  const done = [
    `articles: ${created} created, ${updated} updated, ${unchanged} unchanged`,
    ...(kept.length > 0 ? [`left as you published them: ${kept.join(', ')}`] : []),
    `plans: ${plansCreated} created`,
    `personas: ${accountsCreated} created, ${personasSet} reset`,
  ]
  return `Seeded. ${done.join('; ')}.`
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { plans: { type: 'boolean' } } })
  const settings = readScriptSettings()
  const now = await businessNow(settings)
  if (values.plans) {
    const { created } = await withDatabase((db) => db.$transaction((tx) => seedPlans(tx, now)), { settings })
    console.log(`Plans: ${created} created; those that were there stay as they are.`)
    return
  }
  if (settings.production) {
    throw new ScriptError(
      'The demo is not for production: it hands memberships to members with well-known names. `npm run db:seed -- --plans` makes the two plans alone.',
    )
  }
  const options = { issuer: settings.server.auth.issuer, now, contentFolder: demoContentFolder }
  console.log(describeSeed(await withDatabase((db) => seedDemo(db, options), { settings })))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runScript(main)
