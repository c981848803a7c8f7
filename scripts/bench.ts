import { startBaseline } from './bench/baseline.ts'
import { identityProvider } from './bench/identity-provider.ts'
import { measure, type Measured } from './bench/load.ts'
import { measurePermissionLayer } from './bench/permission-layer.ts'
import { startServer } from './bench/server.ts'
import { readScriptSettings, type ScriptSettings } from './env.ts'
import { withDatabase } from './local/with-database.ts'
import { runScript, ScriptError } from './run-script.ts'
import { localTokens } from './smoke/tokens.ts'

// npm run bench: measures the server's speed relative to a minimal server on the same machine. It starts its own server without rate
// limits on the database of the settings. Stop other servers on the machine first.

const seconds = 5

const questions = [
  {
    name: '20 articles, nobody',
    as: null,
    query:
      '{ articles(first: 20) { nodes { slug title excerpt author { name } tags { slug } access { granted reason } } } }',
  },
  {
    name: 'a paid article, subscriber',
    as: 'subscriber',
    query: '{ article(slug: "self-reliance") { title access { reason } body { html } } }',
  },
]

await runScript(async () => {
  const settings = readScriptSettings()
  if (settings.production) throw new ScriptError('npm run bench does not run in production.')
  if (!settings.usesLocalIdentity)
    throw new ScriptError('npm run bench requires the local personas. Leave AUTH0_DOMAIN and AUTH_ISSUER empty.')
  const stopIdentity = await identityProvider(settings)
  try {
    await withDatabase(async (db) => {
      const server = await startServer(settings, db)
      try {
        await benchHttp(server.url, settings)
      } finally {
        await server.close()
      }
    })
  } finally {
    await stopIdentity()
  }
  await benchPermissionLayer()
})

async function benchHttp(url: string, settings: ScriptSettings): Promise<void> {
  const tokenOf = localTokens(settings)
  console.log(`Over HTTP, ${seconds} s each, database ${settings.usesLocalDatabase ? 'local' : 'of DATABASE_URL'}:\n`)
  row('', 'requests/s', 'p50 ms', 'p99 ms')
  for (const { name, as, query } of questions) {
    const token = as === null ? null : await tokenOf(as)
    const headers = { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) }
    const body = JSON.stringify({ query })
    const bytes = await fetch(url, { method: 'POST', headers, body }).then((response) => response.text())
    if (bytes.includes('"errors"') || bytes.includes(':null'))
      throw new ScriptError(`"${name}" returned errors. Create the demo content with npm run db:seed.`)
    const ours = await measure({ url, method: 'POST', headers, body }, seconds)
    const plain = await startBaseline(bytes)
    const baseline = await measure({ url: plain.url, method: 'POST', headers, body }, seconds)
    await plain.close()
    measuredRow(name, ours)
    measuredRow(`  the same ${Buffer.byteLength(bytes)} bytes, plain`, baseline)
    row('  ratio', ratio(ours.perSecond, baseline.perSecond), '', '')
  }
}

async function benchPermissionLayer(): Promise<void> {
  const { withoutGuards, gatedFieldsOnly, everyField } = await measurePermissionLayer(seconds)
  console.log('\nThe permission layer, one list of 20 articles from memory:\n')
  row('', 'lists/s', 'ratio', '')
  row('no guards', String(Math.round(withoutGuards)), '1.00', '')
  row('gated fields only (ours)', String(Math.round(gatedFieldsOnly)), ratio(gatedFieldsOnly, withoutGuards), '')
  row('every field', String(Math.round(everyField)), ratio(everyField, withoutGuards), '')
}

function measuredRow(name: string, { perSecond, p50, p99 }: Measured): void {
  row(name, String(Math.round(perSecond)), String(p50), String(p99))
}

function ratio(part: number, whole: number): string {
  const value = part / whole
  return value < 0.1 ? value.toFixed(4) : value.toFixed(2)
}

function row(name: string, ...cells: string[]): void {
  console.log(`${name.padEnd(34)}${cells.map((cell) => cell.padStart(12)).join('')}`.trimEnd())
}
