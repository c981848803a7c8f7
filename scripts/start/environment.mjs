import { existsSync } from 'node:fs'

// Environment variables that are read before the installation, when scripts/env.ts cannot be loaded. Of the files that run before the
// installation, only this one reads the environment.

/** The program of the npm that runs this process, if any. */
export const npmProgram = process.env.npm_execpath

/** Whether npm started this process. */
export const runsUnderNpm = Boolean(process.env.npm_lifecycle_event)

/**
 * Reads `.env` unless NO_DOTENV is set. The environment has precedence.
 *
 * @param {string} file
 * @returns {{ production: boolean }}
 */
export function readDotenv(file) {
  if (!process.env.NO_DOTENV && existsSync(file)) process.loadEnvFile(file)
  return { production: process.env.NODE_ENV === 'production' }
}

/** The environment of npm and Prisma. */
export const environmentOfTools = () => ({
  ...process.env,
  // Prisma would download an engine that these commands never run. Any existing program prevents that.
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
})

/** Variables that tests inherit: the addresses of PostgreSQL and Redis, and those of Node.js and the shell. */
const forTests =
  /^(TEST_DATABASE_URL|TEST_REDIS_URL|CI|PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_\w+|TERM|FORCE_COLOR|NO_COLOR|npm_\w+|SystemRoot|ComSpec|PATHEXT|CHROMIUM_PATH)$/

/** Returns the environment of tests, without settings, so that results are the same on every machine. @returns {NodeJS.ProcessEnv} */
export const environmentOfTests = () => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => forTests.test(name))),
  NO_DOTENV: '1',
  NODE_ENV: 'test',
})

/** The file for the counts of a test run as JSON, set by continuous integration. */
export const countsFile = process.env.GATEPOST_TEST_COUNTS
