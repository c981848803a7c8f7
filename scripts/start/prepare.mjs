import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { waitForLock } from '../lock.mjs'
import { environmentOfTools, npmProgram } from './environment.mjs'
import { withProgress } from './progress.mjs'

// Prepares everything that TypeScript needs. Plain JavaScript without dependencies, because it runs before the installation.

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const inRoot = (/** @type {string[]} */ ...parts) => path.join(root, ...parts)

const installStamp = inRoot('node_modules/.gatepost-install')
const generated = inRoot('server/src/db/generated')
const generateStamp = path.join(generated, '.gatepost-schema')

/** @typedef {(line: string) => void} Tell */

/** The interval of the lines that report a long command as running. */

/** A problem that the user must solve first. Its message is printed without a stack. */
export class NotPrepared extends Error {}

/**
 * Returns whether a version of Node.js satisfies `engines` of package.json, a list of `^major.minor.patch`.
 *
 * @param {string} engines
 * @param {string} version
 */
export function takesNode(engines, version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return rangesOf(engines).some((range) => major === range.major && minor >= range.minor)
}

/** @param {string} engines @param {string} version @returns {string} */
export function wrongNode(engines, version) {
  const ranges = rangesOf(engines).reverse()
  const names = ranges.map(({ major, minor }) => (minor > 0 ? `${major}.${minor} or a later ${major}` : `${major}`))
  return `Node.js ${version} cannot run Gatepost, because a dependency refuses it. Use Node.js ${names.join(', or ')}.`
}

/** @param {string} engines */
function rangesOf(engines) {
  return [...engines.matchAll(/\^(\d+)\.(\d+)/g)].map(([, major, minor]) => ({
    major: Number(major),
    minor: Number(minor),
  }))
}

/**
 * Returns why a checkout cannot be used where it is, or null. Node.js and esbuild resolve no import below a folder with `*` or
 * `?` in its name, and webpack takes `!` for its own syntax.
 *
 * @param {string} folder
 * @returns {string | null}
 */
export function wrongFolder(folder) {
  const [character] = /[*?!]/.exec(folder) ?? []
  if (character === undefined) return null
  return `Gatepost cannot run in ${folder}: its tools cannot handle \`${character}\` in a path. Move the checkout to another folder.`
}

/** Checks Node.js and the folder. @throws {NotPrepared} that names the supported versions of Node.js, or the problem of the folder */
export function checkMachine() {
  const problem = wrongFolder(root)
  if (problem !== null) throw new NotPrepared(problem)
  const { engines } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'))
  if (!takesNode(engines.node, process.versions.node))
    throw new NotPrepared(wrongNode(engines.node, process.versions.node))
}

/**
 * Installs missing dependencies and generates the database client, each only after a change. Concurrent calls run one after the
 * other, because npm replaces the folder.
 *
 * @param {Tell} tell
 */
export async function prepare(tell) {
  if (isInstalled() && isGenerated()) return
  const onWait = () => tell('Waiting for another start that is installing.')
  const lock = await waitForLock(inRoot('.data/locks'), 'prepare', { onWait })
  try {
    if (!isInstalled()) {
      tell('Installing dependencies. The first time this takes a minute or two.')
      await install([], tell)
    }
    if (!isGenerated()) {
      tell('Generating the database client.')
      await generate(tell)
    }
  } finally {
    lock.release()
  }
}

/** Installs dependencies without those for development, unless they are installed. @param {Tell} tell */
export async function prepareProduction(tell) {
  if (!existsSync(inRoot('server/dist/main.js'))) {
    throw new NotPrepared('There is no build. Run `npm run build` first. NODE_ENV=production starts the built server.')
  }
  if (existsSync(inRoot('node_modules'))) return
  tell('Installing dependencies, without those for development.')
  await install(['--omit=dev'], tell)
}

function isInstalled() {
  if (!existsSync(inRoot('node_modules'))) return false
  const wanted = hashOf(inRoot('package-lock.json'))
  if (readIfThere(installStamp) === wanted) return true
  // After a manual installation npm's list of installed packages exists.
  const list = inRoot('node_modules/.package-lock.json')
  if (existsSync(installStamp) || !existsSync(list)) return false
  if (statSync(list).mtimeMs < statSync(inRoot('package-lock.json')).mtimeMs) return false
  writeFileSync(installStamp, wanted)
  return true
}

/** Their output is not shown, and each sends requests to the registry. */
const quiet = ['--no-audit', '--no-fund']

/** @param {string[]} flags @param {Tell} tell */
async function install(flags, tell) {
  // Under npm, the same npm. Otherwise the one on PATH.
  if (npmProgram?.endsWith('.js')) await run(process.execPath, [npmProgram, 'ci', ...quiet, ...flags], 'npm ci', tell)
  else await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', ...quiet, ...flags], 'npm ci', tell)
  writeFileSync(installStamp, hashOf(inRoot('package-lock.json')))
}

const wantedClient = () => hashOf(inRoot('prisma/schema.prisma'), inRoot('node_modules/prisma/package.json'))

const isGenerated = () => existsSync(path.join(generated, 'client.ts')) && readIfThere(generateStamp) === wantedClient()

/** @param {Tell} tell */
async function generate(tell) {
  await run(process.execPath, [inRoot('node_modules/prisma/build/index.js'), 'generate'], 'prisma generate', tell)
  writeFileSync(generateStamp, wantedClient())
}

/**
 * Runs a command in the project's folder. Its output is shown only if it fails. A line every 15 seconds shows that it is still
 * running.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {string} name for the message
 * @param {Tell} tell
 * @returns {Promise<void>}
 */
function run(command, args, name, tell) {
  const ended = new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env: environmentOfTools(), stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => reject(new NotPrepared(`${name} could not start: ${error.message}`)))
    child.on('close', (code) => {
      if (code === 0) resolve(undefined)
      else reject(new NotPrepared(`${output.trim()}\n${name} failed. Its output is above.`))
    })
  })
  return withProgress(ended, (seconds) => tell(`  … ${name}: ${seconds} s`))
}

/** @param {...string} files */
const hashOf = (...files) => {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex')
}

/** @param {string} file */
const readIfThere = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : null)
