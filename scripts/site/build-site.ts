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

interface SiteBuild {
  /** The folder of the site's sources. The result is in its `public/`. */
  readonly folder: string
  readonly environment: SiteSettings['environment']
  /** The folder of locks. */
  readonly locks: string
  readonly tell: (line: string) => void
  /** The folder that the sources are copied from. Default: `site/`. */
  readonly from?: string
  /** Builds `public/`. Default: Gatsby. */
  readonly run?: (folder: string, environment: SiteSettings['environment']) => Promise<void>
}

/** Builds the site in the folder of its settings. @returns false if it was up to date */
export async function buildSiteOf({ site, dataDir }: ScriptSettings, tell: (line: string) => void): Promise<boolean> {
  const { folder, environment } = site
  return buildSite({ folder, environment, locks: path.join(dataDir, 'locks'), tell })
}

/** A failed build, with Gatsby's output as the message. */
export class SiteBuildError extends Error {}

/**
 * Builds the site, unless the existing one has the same publication, settings and sources. Concurrent builds run one after the other.
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
    // The server serves no site without the headers file, so a site is not served until its build is complete.
    await rm(stamp, { force: true })
    await rm(inFolder('public/_headers'), { force: true })
    // Gatsby's cache handles changes of the publication: it rebuilds changed pages and removes old ones. It misses some changes of sources,
    // after which pages would link the old stylesheet.
    if (!isOfTheseSources)
      for (const made of ['.cache', 'public']) await rm(inFolder(made), { recursive: true, force: true })
    const building = inPlainFolder(folder, (plain) => run(plain, environment))
    await withProgress(building, (seconds) => tell(`… the build of the site: ${seconds} s`))
    // The fingerprint from before the build, so that the next build detects changes made meanwhile.
    await mkdir(path.dirname(stamp), { recursive: true })
    await writeFile(stamp, JSON.stringify(wanted))
    return true
  } finally {
    lock.release()
  }
}

/** Reads the fingerprint of the built site, or null if there was no complete build. */
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
 * @param flags flags of Gatsby's command
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
