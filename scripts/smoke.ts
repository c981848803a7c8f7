import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { businessNow } from './business-now.ts'
import { readScriptSettings, root, type ScriptSettings } from './env.ts'
import { runScript, ScriptError } from './run-script.ts'
import { calls } from './smoke/calls.ts'
import type { Need } from './smoke/call.ts'
import { renderRequests } from './smoke/requests-http.ts'
import { NoServer, runCalls, type CallResult } from './smoke/run-calls.ts'
import { localTokens } from './smoke/tokens.ts'

const usage = `npm run smoke [-- --url http://localhost:4000] [--write]

Makes the calls of scripts/requests.http to a running server and reports the ones with unexpected responses. It uses the settings
with which the server was started (.env, environment). --write also rewrites requests.http with the responses received.`

const marks = { ok: 'ok', wrong: 'WRONG', 'left out': 'left out' } as const

await runScript(async () => {
  const { values } = parseArgs({
    options: { url: { type: 'string' }, write: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) return console.log(usage)
  const settings = readScriptSettings()
  const url = (values.url ?? `http://localhost:${settings.apiPort}`).replace(/\/$/, '')
  if (!URL.canParse(url)) throw new ScriptError(`--url must be an address such as http://localhost:4000, not ${url}`)
  const results = await run(url, settings)
  if (values.write) await writeRequests(results)
  const wrong = results.filter(({ outcome }) => outcome === 'wrong').length
  const made = results.filter(({ outcome }) => outcome !== 'left out').length
  console.log(`\n${made} calls, ${wrong} wrong, ${results.length - made} left out. ${url}`)
  if (wrong > 0) await tellOfMovedClock(settings)
  process.exitCode = wrong > 0 ? 1 : 0
})

/** Warns if the business clock was moved, because the calls expect the demo as it is after a start. */
async function tellOfMovedClock(settings: ScriptSettings): Promise<void> {
  const days = Math.round(((await businessNow(settings)).getTime() - Date.now()) / 86_400_000)
  if (days === 0) return
  console.log(`The local clock is ${days} days ahead, so the memberships of the personas have changed.`)
  console.log('To reset them, stop, delete the data folder (.data) and run npm start.')
}

async function run(url: string, settings: ScriptSettings): Promise<CallResult[]> {
  const width = Math.max(...calls.map(({ name }) => name.length))
  const results: CallResult[] = []
  try {
    const known = { site: settings.server.siteUrl }
    for await (const result of runCalls({
      calls,
      url,
      known,
      tokenOf: localTokens(settings),
      has: whatServerHas(settings),
    })) {
      const { call, outcome, answer, remarks } = result
      results.push(result)
      const row = [
        call.name.padEnd(width),
        String(answer?.status ?? '-').padEnd(3),
        marks[outcome],
        ...remarks.slice(0, 1),
      ]
      console.log(row.join('  '))
      for (const remark of remarks.slice(1)) console.log(`${' '.repeat(width + 14)}${remark}`)
    }
  } catch (error) {
    if (error instanceof NoServer) throw new ScriptError(`No server responds at ${url}. Start it with npm start.`)
    throw error
  }
  return results
}

/** Returns the needs that the server fulfils. The demo exists only with the local identity provider. */
function whatServerHas(settings: ScriptSettings): Set<Need> {
  const has = new Set<Need>([settings.production ? 'production' : 'development'])
  if (settings.usesLocalIdentity) has.add('demo')
  if (settings.usesLocalPayments) has.add('local payments')
  if (settings.server.teasers === 'public') has.add('open teasers')
  return has
}

async function writeRequests(results: readonly CallResult[]): Promise<void> {
  const file = path.join(root, 'scripts', 'requests.http')
  if (
    results.some(
      ({ outcome, call }) => outcome === 'wrong' || (outcome === 'left out' && !call.needs.includes('production')),
    )
  )
    throw new ScriptError('requests.http was not written, because calls were left out or failed.')
  await writeFile(file, renderRequests(results))
  console.log(`\nwritten: ${path.relative(root, file)}`)
}
