import { readFileSync } from 'node:fs'
import { runsUnderNpm } from './environment.mjs'

/**
 * Calls back once when the npm that runs this process has exited. A killed npm sends no signal, and the shell between npm and this
 * process does not forward SIGTERM.
 *
 * @param {() => void} onGone
 */
export function whenNpmIsGone(onGone) {
  if (!runsUnderNpm) return
  const parent = process.ppid
  const grandparent = parentOf(parent)
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === grandparent) return
    clearInterval(timer)
    onGone()
  }, 500)
  timer.unref()
}

/**
 * Returns the parent of a process, or null if the system does not report it.
 *
 * @param {number} pid
 */
function parentOf(pid) {
  try {
    return (
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[1] ?? null
    )
  } catch {
    return null
  }
}
