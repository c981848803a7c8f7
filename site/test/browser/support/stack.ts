import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** Where the product under test is. */
export interface Stack {
  readonly api: string
  readonly site: string
  /** The same site under another host name, to which the identity provider is a third party. */
  readonly elsewhere: string
  readonly identity: string
  /** The payment provider, with its clock. */
  readonly payments: string
  readonly databaseUrl: string
  /** The folder of the built site. */
  readonly built: string
  /** What `npm start` and its children wrote so far. */
  readonly log: string
  /** Of `npm start`'s process. */
  readonly pid: number
}

const startWithinMilliseconds = 600_000

export const stack = JSON.parse(process.env.GATEPOST_TEST_STACK ?? '{}') as Stack

/** @throws Error with the last of what was written, if it ended or takes too long */
async function untilItRuns(): Promise<void> {
  const giveUp = Date.now() + startWithinMilliseconds
  for (;;) {
    // Asked before reading: what it wrote at its end is read then.
    const ended = !isAlive(stack.pid)
    const lines = (await readFile(stack.log, 'utf8')).split('\n')
    if (!ended && lines.some((line) => line.startsWith('Gatepost is running'))) return
    if (ended || Date.now() > giveUp)
      throw new Error(`npm start ${ended ? 'ended' : 'took too long'}:\n${lines.slice(-30).join('\n')}`)
    await sleep(200)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

await untilItRuns()
