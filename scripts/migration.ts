import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { sqlBetween } from '../server/src/db/schema-engine.ts'
import { root } from './env.ts'
import { startDatabase } from './local/database/start.ts'
import { migrationsFolder } from './local/with-database.ts'
import { runScript, ScriptError } from './run-script.ts'

// npm run migration -- add-article-notes
//
// Writes a migration for the changes of prisma/schema.prisma. Read the migration before you commit it: a rename appears as a dropped and
// an added column, and checks and triggers must be added by hand.

const schemaFile = path.join(root, 'prisma', 'schema.prisma')
const snapshotFile = path.join(migrationsFolder, 'schema.snapshot.prisma')

await runScript(async () => {
  const [name, ...more] = process.argv.slice(2)
  if (name === undefined || more.length > 0 || !/^[a-z0-9]+([-_][a-z0-9]+)*$/.test(name)) {
    throw new ScriptError(
      'The name of a migration consists of lower-case letters, digits and hyphens: npm run migration -- add-article-notes',
    )
  }
  const [before, after] = await Promise.all([snapshotFile, schemaFile].map((file) => readFile(file, 'utf8')))
  const database = await startDatabase(['--memory', '--port', '0'])
  try {
    const sql = await sqlBetween({ connectionString: database.url }, before ?? null, after ?? '')
    if (sql === null) {
      // Only comments have changed. The snapshot is updated without a migration.
      await writeFile(snapshotFile, after ?? '')
      return console.log('prisma/schema.prisma requires no change of the database. No migration was written.')
    }
    const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
    const folder = path.join(migrationsFolder, `${stamp}_${name.replaceAll('-', '_')}`)
    await mkdir(folder)
    await writeFile(path.join(folder, 'migration.sql'), sql)
    await writeFile(snapshotFile, after ?? '')
    console.log(`Wrote ${path.relative(root, folder)}/migration.sql. Read it, then npm run db:migrate.`)
  } finally {
    await database.release()
  }
})
