import { existsSync } from 'node:fs'

// What has to be known before anything is installed, and so before scripts/env.ts can be loaded. No other file that runs then
// reads the environment.

/** The npm that runs us, if any: its own program. */
export const npmProgram = process.env.npm_execpath

/** Whether npm started this process, and so may be killed away from above it. */
export const runsUnderNpm = Boolean(process.env.npm_lifecycle_event)

/**
 * Reads `.env` unless NO_DOTENV is set; what stands in the environment wins.
 *
 * @param {string} file
 * @returns {{ production: boolean }}
 */
export function readDotenv(file) {
  if (!process.env.NO_DOTENV && existsSync(file)) process.loadEnvFile(file)
  return { production: process.env.NODE_ENV === 'production' }
}

/** For npm and Prisma. */
export const environmentOfTools = () => ({
  ...process.env,
  // Prisma insists on an engine that it would download and that these commands never run: any program will do.
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
})

/** What tests may take from outside: where a real PostgreSQL and Redis are, and what Node and the shell need. */
const forTests =
  /^(TEST_DATABASE_URL|TEST_REDIS_URL|CI|PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_\w+|TERM|FORCE_COLOR|NO_COLOR|npm_\w+|SystemRoot|ComSpec|PATHEXT|CHROMIUM_PATH)$/

/** No setting reaches the tests, so that they say the same on every machine. @returns {NodeJS.ProcessEnv} */
export const environmentOfTests = () => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => forTests.test(name))),
  NO_DOTENV: '1',
  NODE_ENV: 'test',
})

/** Where the counts of a test run go as JSON, if continuous integration asks for them. */
export const countsFile = process.env.GATEPOST_TEST_COUNTS
