import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readPublication } from '../../site/gatsby/publication.ts'
import { root, type ScriptSettings, type SiteSettings } from '../env.ts'
import { waitForLock } from '../lock.mjs'
import { fingerprintOf } from './fingerprint.ts'
import { forkGatsby } from './run-gatsby.ts'
import { copySite, siteFolder } from './site-folder.ts'

export interface SiteBuild {
  /** The site's sources; the result is in its `public/`. */
  readonly folder: string
  readonly environment: SiteSettings['environment']
  /** Where locks are kept. */
  readonly locks: string
  readonly tell: (line: string) => void
}

/** Builds the site of these settings, where it belongs. @returns whether there was anything to build */
export async function buildSiteOf({ site, dataDir }: ScriptSettings, tell: (line: string) => void): Promise<boolean> {
  const { folder, environment } = site
  return buildSite({ folder, environment, locks: path.join(dataDir, 'locks'), tell })
}

/** What went wrong in Gatsby, in its own words. */
export class SiteBuildError extends Error {}

/**
 * Builds the site, unless what is there was made of the very same publication, settings and sources. Two that build at once
 * take turns.
 *
 * @returns whether it was built
 * @throws BuildProblem, SiteBuildError
 */
export async function buildSite({ folder, environment, locks, tell }: SiteBuild): Promise<boolean> {
  const lock = await waitForLock(locks, `site-${path.basename(folder)}`, {
    onWait: () => tell('Another build of the site is under way: waiting for it.'),
  })
  try {
    if (folder !== siteFolder) await copySite(folder)
    const stamp = path.join(folder, '.cache/gatepost-fingerprint')
    const publication = await readPublication({ apiUrl: environment.GATSBY_API_URL, tell })
    const wanted = fingerprintOf(publication, {
      folder,
      lockFile: path.join(root, 'package-lock.json'),
      settings: environment,
    })
    const built = await readFile(stamp, 'utf8').catch(() => null)
    if (built === wanted && existsSync(path.join(folder, 'public/_headers'))) return false
    // From here on until it is whole there is no site: without headers the server does not serve it.
    await rm(stamp, { force: true })
    await rm(path.join(folder, 'public/_headers'), { force: true })
    // Gatsby removes the pages that are no more, by what it remembers; without that, all goes.
    if (!existsSync(path.join(folder, '.cache')))
      await rm(path.join(folder, 'public'), { recursive: true, force: true })
    await runBuild(folder, environment)
    // Of what was read before the build: if something was published meanwhile, the next build sees a difference.
    await writeFile(stamp, wanted)
    return true
  } finally {
    lock.release()
  }
}

async function runBuild(folder: string, environment: SiteSettings['environment']): Promise<void> {
  const gatsby = forkGatsby(['build'], folder, environment)
  let output = ''
  for (const stream of [gatsby.stdout, gatsby.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(gatsby, 'close')) as [number | null]
  if (code !== 0) throw new SiteBuildError(`${output.trim()}\nThe site was not built; what Gatsby said is above.`)
}
