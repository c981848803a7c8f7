import { readScriptSettings } from './env.ts'
import { migrateDatabase, withDatabaseUrl } from './local/with-database.ts'
import { runScript } from './run-script.ts'

// npm run db:migrate

await runScript(async () => {
  const settings = readScriptSettings()
  await withDatabaseUrl(
    async (url) => {
      const applied = await migrateDatabase(settings, url, console.log)
      if (applied.length === 0) console.log('The database is up to date.')
    },
    { settings },
  )
})
