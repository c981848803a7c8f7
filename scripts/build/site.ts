import path from 'node:path'
import { onStopRequest } from '../../server/src/lib/stop-request.ts'
import type { ScriptSettings } from '../env.ts'
import { ScriptError } from '../run-script.ts'
import { buildSiteOf } from '../site/build-site.ts'
import { createChildren, StartError } from '../start/children.ts'
import { stepsToApi } from '../start/steps.ts'

/**
 * Builds the site as static files from the API's responses to an anonymous reader. The API is the one of GATSBY_API_URL, or the one on
 * this machine, which is started for the build if it does not run.
 *
 * @returns the folder
 */
export async function buildStaticSite(settings: ScriptSettings): Promise<string> {
  const { usesLocalApi, folder, environment } = settings.site
  if (usesLocalApi && settings.production) {
    throw new ScriptError(
      'GATSBY_API_URL is empty: set it to the public address of the API, such as https://api.example.org/graphql.',
    )
  }
  // Printed only if a process does not start: it has the reason.
  const output: string[] = []
  const print = (name: string, line: string) => void output.push(`${name}  ${line}`)
  const children = createChildren({ print, onDeath: () => undefined })
  process.on('exit', () => children.killAll())
  onStopRequest(
    () => void children.stopAll().finally(() => process.exit(130)),
    () => process.exit(130),
  )
  try {
    if (usesLocalApi && !(await answers(environment.GATSBY_API_URL))) {
      for (const { doing, run } of stepsToApi(settings)) {
        console.log(`${doing} …`)
        await run(children)
      }
    }
    console.log('Building the site …')
    const built = await buildSiteOf(settings, (line) => console.log(`  ${line}`))
    if (!built) console.log('  no changes')
    return path.join(folder, 'public')
  } catch (error) {
    if (error instanceof StartError) console.error(output.slice(-20).join('\n'))
    throw error
  } finally {
    await children.stopAll()
  }
}

async function answers(apiUrl: string): Promise<boolean> {
  try {
    return (await fetch(new URL('/health/live', apiUrl), { signal: AbortSignal.timeout(2_000) })).ok
  } catch {
    return false
  }
}
