import { businessNow } from './business-now.ts'
import { readScriptSettings } from './env.ts'
import { withDatabase } from './local/with-database.ts'
import { actOnPlans } from './plan/act.ts'
import { parsePlanArguments, planHelp } from './plan/arguments.ts'
import { runScript } from './run-script.ts'

// npm run plan

await runScript(async () => {
  const settings = readScriptSettings()
  const now = await businessNow(settings)
  const request = parsePlanArguments(process.argv.slice(2), now)
  if (request === null) return void process.stdout.write(planHelp)
  console.log(await withDatabase((db) => actOnPlans(db, request, now), { settings }))
})
