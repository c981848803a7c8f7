import { readScriptSettings } from '../../env.ts'
import { requireWritable } from '../../storage-failure.ts'
import { reportReady, runUntilStopped } from '../lifecycle.ts'
import { identitySettings } from './settings.ts'
import type * as Server from './server.ts'

try {
  const settings = readScriptSettings()
  if (settings.production) throw new Error('it checks no passwords. In production, set AUTH0_DOMAIN to a real tenant.')
  await requireWritable(settings.dataDir)
  const { startIdentityServer } = await importQuietly()
  const server = await startIdentityServer(identitySettings(settings))
  runUntilStopped(() => server.close())
  reportReady(server.url)
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error)
  console.error(`The local identity provider could not start: ${reason.replace(/\s*\n\s*/g, ' ')}`)
  process.exit(1)
}

/** oidc-provider greets those who deploy it with advice; here it would bury the one line that counts. */
async function importQuietly(): Promise<typeof Server> {
  const { warn } = console
  console.warn = () => {}
  try {
    return await import('./server.ts')
  } finally {
    console.warn = warn
  }
}
