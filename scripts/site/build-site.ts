import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readPublication } from '../../site/gatsby/publication.ts'
import { root, type ScriptSettings, type SiteSettings } from '../env.ts'
import { waitForLock } from '../lock.mjs'
import { withProgress } from '../start/progress.mjs'
import { fingerprintOf, type Fingerprint } from './fingerprint.ts'
import { forkGatsby } from './run-gatsby.ts'
import { inPlainFolder } from './plain-folder.ts'
import { copySite, siteFolder } from './site-folder.ts'

export interface SiteBuild {
  /** The site's sources; the result is in its `public/`. */
  readonly folder: string
  readonly environment: SiteSettings['environment']
  /** Where locks are kept. */
  readonly locks: string
  readonly tell: (line: string) => void
  /** Where the sources are, for a folder that gets a copy of them; `site/` unless said. */
  readonly from?: string
  /** Makes `public/`; Gatsby unless said. */
  readonly run?: (folder: string, environment: SiteSettings['environment']) => Promise<void>
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
 * @throws BuildProblem, SiteBuildError, StrangeFolder
 */
export async function buildSite(build: SiteBuild): Promise<boolean> {
  const { folder, environment, locks, tell, from = siteFolder, run = runBuild } = build
  const lock = await waitForLock(locks, `site-${path.basename(folder)}`, {
    onWait: () => tell('Waiting for another build of the site.'),
  })
  try {
    if (folder !== from) await copySite(folder, from)
    const inFolder = (name: string) => path.join(folder, name)
    const stamp = inFolder('.cache/gatepost-fingerprint')
    const publication = await readPublication({ apiUrl: environment.GATSBY_API_URL, tell })
    const wanted = fingerprintOf(publication, {
      folder,
      lockFile: path.join(root, 'package-lock.json'),
      settings: environment,
    })
    const built = await readStamp(stamp)
    const isOfTheseSources = built?.sources === wanted.sources
    if (isOfTheseSources && built.publication === wanted.publication && existsSync(inFolder('public/_headers')))
      return false
    // From here on until it is whole there is no site: without headers the server does not serve it.
    await rm(stamp, { force: true })
    await rm(inFolder('public/_headers'), { force: true })
    // What Gatsby remembers is good for another publication of the same sources: it makes anew what differs and removes the
    // pages that are no more. Of changed sources it misses some: pages go on linking the stylesheet of before.
    if (!isOfTheseSources)
      for (const made of ['.cache', 'public']) await rm(inFolder(made), { recursive: true, force: true })
    const building = inPlainFolder(folder, (plain) => run(plain, environment))
    await withProgress(building, (seconds) => tell(`… the build of the site: ${seconds} s`))
    // Of what was read before the build: if something was published meanwhile, the next build sees a difference.
    await mkdir(path.dirname(stamp), { recursive: true })
    await writeFile(stamp, JSON.stringify(wanted))
    return true
  } finally {
    lock.release()
  }
}

/** @returns null where it is not known of what the folder was built: a build broke off, or there was none */
async function readStamp(file: string): Promise<Partial<Fingerprint> | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Partial<Fingerprint> | null
  } catch {
    return null
  }
}

/**
 * Runs `gatsby build`.
 *
 * @param flags of Gatsby's command
 * @throws SiteBuildError with Gatsby's output
 */
export async function runBuild(
  folder: string,
  environment: SiteSettings['environment'],
  flags: readonly string[] = [],
): Promise<void> {
  const gatsby = forkGatsby(['build', ...flags], folder, environment)
  let output = ''
  for (const stream of [gatsby.stdout, gatsby.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(gatsby, 'close')) as [number | null]
  if (code !== 0)
    throw new SiteBuildError(`${output.trim()}\nThe build of the site failed. The output of Gatsby is above.`)
}
