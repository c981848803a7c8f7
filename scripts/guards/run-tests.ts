import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { root } from '../env.ts'
import { jestCommand } from '../jest/command.mjs'
import { environmentOfTests } from '../start/environment.mjs'

/** A change of the source or the database for one test run. */
export interface Change {
  /** A source file and the text that replaces it. */
  readonly source?: { readonly file: string; readonly text: string }
  /** Executed on the migrated database that the tests copy. */
  readonly sql?: string
}

export interface TestRun {
  readonly passed: boolean
  readonly output: string
}

const options = ['--selectProjects', 'node', '--maxWorkers', '1', '--bail', '--silent']

/** The database that the tests copy, and the prefix of the copies' names. */
interface Databases {
  readonly template: string
  readonly prefix: string
}

/** Without a guard a loop may be endless. With all guards the tests of an area take at most half a minute. */
const longestMilliseconds = 90_000

/** Runs test files, given as patterns of jest, until one fails or the time limit is reached. */
export async function runTests(
  tests: readonly string[],
  { source, sql }: Change,
  { template, prefix }: Databases,
): Promise<TestRun> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'gatepost-guard-'))
  try {
    const text = path.join(folder, 'source')
    if (source) await writeFile(text, source.text)
    const child = spawn(process.execPath, [...jestCommand, ...tests, ...options], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: longestMilliseconds,
      killSignal: 'SIGKILL',
      env: {
        ...environmentOfTests(),
        GATEPOST_TEST_TEMPLATE: template,
        GATEPOST_TEST_PREFIX: prefix,
        // One failing test is enough. The output of a mutant's run is not shown.
        ...((source ?? sql) && { GATEPOST_TEST_FAIL_FAST: '1' }),
        ...(source && { GATEPOST_GUARD_FILE: path.join(root, source.file), GATEPOST_GUARD_TEXT: text }),
      },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    return { passed: code === 0, output }
  } finally {
    await rm(folder, { recursive: true })
  }
}
