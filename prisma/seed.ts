import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { readScriptSettings, root } from '../scripts/env.ts'
import { withDatabase } from '../scripts/local/with-database.ts'
import { runScript, ScriptError } from '../scripts/run-script.ts'
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
  if (settings.production) {
    throw new ScriptError('The demo is not for production: it hands memberships to members with well-known names.')
  }
  const now = createClock().business()
  const options = { issuer: settings.server.auth.issuer, now, contentFolder: demoContentFolder }
  console.log(describeSeed(await withDatabase((db) => seedDemo(db, options), { settings })))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runScript(main)
