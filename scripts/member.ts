import { businessNow } from './business-now.ts'
import { readScriptSettings } from './env.ts'
import { withDatabase } from './local/with-database.ts'
import { actOnMember } from './member/act.ts'
import { memberHelp, parseMemberArguments } from './member/arguments.ts'
import { runScript } from './run-script.ts'

// npm run member

await runScript(async () => {
  const settings = readScriptSettings()
  const now = await businessNow(settings)
  const request = parseMemberArguments(process.argv.slice(2), settings.server.auth.issuer, now)
  if (request === null) return void process.stdout.write(memberHelp)
  console.log(await withDatabase((db) => actOnMember(db, request, now), { settings }))
})
