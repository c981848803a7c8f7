import path from 'node:path'
import TestSequencer from '@jest/test-sequencer'

/** What takes minutes, or waits for a minute without computing: begun last it would keep the run when all else is done. */
const longest = ['site/test/builds.test.ts', 'scripts/start/start.test.ts']

/** The last of these moves the clock of the product that all browser tests share. The others, which run beside it, do not depend on time. */
const last = ['keyboard', 'callback', 'membership'].map((name) => `site/test/browser/${name}.test.ts`)

/**
 * In which order the files are run: the longest first, those that need the product in a browser last, because it is being
 * built and started meanwhile; within that as jest does it, which without a memory of earlier runs goes by the files' size.
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
