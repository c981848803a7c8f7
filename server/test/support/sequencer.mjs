import path from 'node:path'
import TestSequencer from '@jest/test-sequencer'

/** Files that take minutes. Started last, they would delay the end of the run. */
const longest = ['site/test/builds.test.ts', 'scripts/start/start.test.ts']

/** The last of these moves the clock that all browser tests share. The tests that run at the same time do not depend on it. */
const last = ['keyboard', 'callback', 'membership'].map((name) => `site/test/browser/${name}.test.ts`)

/**
 * Orders the test files: the longest first, and browser tests last, because the site is built and started meanwhile. Within these groups
 * jest's own order remains.
 */
export default class Sequencer extends TestSequencer {
  /** @param {import('@jest/test-result').Test[]} tests */
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rankOf(a) - rankOf(b))
  }
}

/** @param {import('@jest/test-result').Test} test */
function rankOf({ path: file, context }) {
  const { rootDir, displayName } = context.config
  const name = path.relative(rootDir, file).replaceAll(path.sep, '/')
  if (longest.includes(name)) return longest.indexOf(name) - longest.length
  if (last.includes(name)) return 2 + last.indexOf(name)
  return displayName?.name === 'browser' ? 1 : 0
}
