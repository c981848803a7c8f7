import { readFileSync } from 'node:fs'
import { runsUnderNpm } from './environment.mjs'

/**
 * Calls once when the npm that runs this process is gone. Killed by force it passes nothing on; and the shell that it puts
 * between itself and us passes on no SIGTERM either, and may outlive it or not.
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
 * Null where the system does not say.
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
