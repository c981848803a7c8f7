import { whenNpmIsGone } from './ancestors.mjs'

/**
 * A Ctrl-C reaches us twice: from the terminal, and from npm, which passes it on. Only after this time it is a second one, of
 * somebody who does not want to wait.
 */
const sameRequestMilliseconds = 500

/**
 * Calls once when this process is asked to stop: Ctrl-C, SIGTERM, a closed terminal, or the end of the npm that runs it.
 *
 * @param onStop      gets the reason
 * @param onImpatient asked again
 */
export function whenAskedToStop(onStop: (why: string) => void, onImpatient: () => void): void {
  let asked = 0
  const ask = (why: string) => {
    if (asked === 0) {
      asked = Date.now()
      onStop(why)
    } else if (Date.now() - asked > sameRequestMilliseconds) onImpatient()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ask(signal))
  // A closed terminal takes our output with it: to write there is then an error, and no reason to stop halfway.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  whenNpmIsGone(() => ask('npm is gone'))
}
