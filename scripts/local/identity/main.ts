import { requireWritable } from '../../storage-failure.ts'
import { runLocalServer } from '../shared/lifecycle.ts'
import type * as Server from './server.ts'
import { identitySettings } from './settings.ts'

await runLocalServer('The local identity provider', async (settings) => {
  if (settings.production) throw new Error('it checks no passwords. In production, set AUTH0_DOMAIN to a real tenant.')
  await requireWritable(settings.dataDir)
  const { startIdentityServer } = await importQuietly()
  return startIdentityServer(identitySettings(settings))
})

/** Imports oidc-provider without the advice for deployments that it prints, which would hide the single line about the start. */
async function importQuietly(): Promise<typeof Server> {
  const { warn } = console
  console.warn = () => {}
  try {
    return await import('./server.ts')
  } finally {
    console.warn = warn
  }
}
