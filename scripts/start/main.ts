import path from 'node:path'
import { BuildProblem } from '../../site/gatsby/ask-api.ts'
import { isDatabaseFailure } from '../../server/src/db/index.ts'
import { SettingsError } from '../../server/src/env.ts'
import { readScriptSettings, root } from '../env.ts'
import { requireWritable, StorageError } from '../storage-failure.ts'
import { StrangeFolder } from '../site/site-folder.ts'
import { SiteBuildError } from '../site/build-site.ts'
import { onStopRequest } from '../../server/src/lib/stop-request.ts'
import { whenNpmIsGone } from './ancestors.mjs'
import { banner } from './banner.ts'
import { createChildren, StartError } from './children.ts'
import { neededPorts, portProblems } from './ports.ts'
import { readableLog } from './readable-log.ts'
import { api, stepsOf } from './steps.ts'
import { watchSource } from './watch.ts'

// Starts and stops everything for development. start.mjs has installed what this file needs.

const watching = process.argv.includes('--watch')
/** False for `npm start -- --api`, which leaves the site out. */
const withSite = !process.argv.includes('--api')
const stopWithinMilliseconds = 9_500

/** An expected reason why a start fails. Its message is printed. */
class Problem extends Error {}

/** Formats log lines for people in a terminal. In a file or a pipe they remain JSON. */
const shown = process.stdout.isTTY ? readableLog(process.stdout.hasColors()) : (line: string) => line

const children = createChildren({
  print: (name, line) => console.log(`${name.padEnd(8)} | ${shown(line)}`),
  onDeath(name, why) {
    if (watching && name === api.name) console.log(`The API ${why}. It restarts when its source changes.`)
    else void stop(`${name} ${why} unexpectedly. Stopping the other processes.`, 1)
  },
})

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

let stopping = false

async function stop(why: string, code: number): Promise<void> {
  if (stopping) return
  stopping = true
  console.log(why)
  setTimeout(() => process.exit(1), stopWithinMilliseconds)
  await children.stopAll()
  process.exit(code)
}

async function start(): Promise<void> {
  const settings = readScriptSettings()
  await requireWritable(settings.dataDir)
  const problems = await portProblems(neededPorts(settings, withSite), () =>
    console.log('Waiting for a port that is taken.'),
  )
  if (problems.length > 0) throw new Problem(problems.join('\n'))
  for (const { doing, run } of stepsOf(settings, { watching, withSite })) {
    console.log(`${doing} …`)
    await run(children)
  }
  if (watching) watchSource(path.join(root, 'server/src'), restartApi)
  process.stdout.write(banner(settings, withSite))
}

async function restartApi(file: string): Promise<void> {
  if (stopping) return
  console.log(`${file} changed. Restarting the API.`)
  await children.stop(api.name)
  await children.start(api).catch((error: unknown) => {
    if (!stopping)
      console.log(`${error instanceof StartError ? error.message : String(error)} Change its source to try again.`)
  })
}

const requestStop = onStopRequest(
  (why) => void stop(`Stopping (${why}).`, 0),
  () => process.exit(130),
)
whenNpmIsGone(() => requestStop('npm has exited'))
// A closed terminal closes the output. A write to it is then an error, and must not interrupt the stop.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
// Kills the children on every exit of this process. After kill -9 they end by themselves.
process.on('exit', () => children.killAll())

start().catch((error: unknown) => {
  if (stopping) return
  const expected = [Problem, SettingsError, StartError, BuildProblem, SiteBuildError, StorageError, StrangeFolder].some(
    (kind) => error instanceof kind,
  )
  if (expected) console.error(messageOf(error))
  else if (isDatabaseFailure(error))
    console.error(`The database cannot be used: ${messageOf(error)}. See DATABASE_URL.`)
  else console.error(error)
  stopping = true
  void children.stopAll().finally(() => process.exit(1))
})
