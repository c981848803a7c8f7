/** How long a stop may take before the process ends anyway. */
const patienceMilliseconds = 5_000

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/**
 * Ends this process in good order: on SIGTERM, SIGINT or SIGHUP, and when the process that started it is gone (its IPC channel
 * closes, even if it was killed with -9): a double that outlives its parent would hold its port against the next start.
 *
 * Exit code 0; 1 when `stop` fails or takes longer than 5 seconds.
 *
 * @param stop closes everything; called once
 */
export function runUntilStopped(stop: () => Promise<void>): void {
  let stopping = false
  const end = () => {
    // Ctrl-C reaches the whole process group and the parent's own signal follows: a second one is not impatience.
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), patienceMilliseconds).unref()
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  for (const signal of signals) process.on(signal, end)
  // A killed parent closes our pipes too; what is written into them then must not break off an orderly stop.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  if (process.connected) process.once('disconnect', end)
  // It went while we were starting. Without a channel from the start this is undefined.
  else if (process.connected === false) end()
}

/**
 * Says that this process serves: one line of JSON on stdout, and a message to the parent if there is a channel to it.
 *
 * @param url where it serves, without secrets
 */
export function reportReady(url: string): void {
  process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`)
  // With a callback a channel that just closed is no uncaught error: 'disconnect' ends this process, in order.
  process.send?.({ ready: true, url }, undefined, {}, () => {})
}
