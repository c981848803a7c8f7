/** Ctrl-C and a service manager's signal reach a process twice: directly and from npm. Requests within this time count as one. */
const sameRequestMilliseconds = 1_000

/**
 * Calls back when this process is asked to stop: by Ctrl-C, by SIGTERM, or by a closed terminal.
 *
 * @param onStop   called once, with the reason
 * @param onRepeat called for each later request, to end without waiting
 * @returns a function that asks for the stop for another reason
 */
export function onStopRequest(onStop: (why: string) => void, onRepeat: () => void): (why: string) => void {
  let requestedAt: number | null = null
  const requestStop = (why: string): void => {
    if (requestedAt === null) {
      requestedAt = performance.now()
      onStop(why)
    } else if (performance.now() - requestedAt > sameRequestMilliseconds) onRepeat()
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => requestStop(signal))
  return requestStop
}
