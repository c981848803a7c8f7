import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ScriptSettings } from '../env.ts'

interface NeededPort {
  readonly port: number
  readonly what: string
  /** The setting of the port. */
  readonly setting: string
}

/** The processes of a killed run end within this time. */
const graceMilliseconds = 5_000

export function neededPorts(settings: ScriptSettings, withSite = true): NeededPort[] {
  const ports: NeededPort[] = [{ port: settings.apiPort, what: 'the API', setting: 'PORT' }]
  if (withSite) ports.push({ port: settings.sitePort, what: 'the site', setting: 'SITE_PORT' })
  if (settings.usesLocalIdentity) {
    ports.push({ port: settings.identityPort, what: 'the local identity provider', setting: 'IDENTITY_PORT' })
  }
  if (settings.usesLocalPayments) {
    ports.push({ port: settings.paymentsPort, what: 'the local payment provider', setting: 'PAYMENTS_PORT' })
  }
  if (settings.usesLocalDatabase) {
    ports.push({ port: settings.databasePort, what: 'the local database', setting: 'DATABASE_PORT' })
  }
  const { metricsPort } = settings.server
  if (metricsPort !== null) ports.push({ port: metricsPort, what: 'the metrics', setting: 'METRICS_PORT' })
  return ports
}

/**
 * Checks every port before anything is started.
 *
 * @param onWait called if a port is taken and may become free soon
 * @returns a line for each unavailable port; empty if all are free
 */
export async function portProblems(
  ports: readonly NeededPort[],
  onWait: () => void = () => undefined,
  grace = graceMilliseconds,
): Promise<string[]> {
  const twice = ports.filter(({ port }, index) => ports.findIndex((other) => other.port === port) !== index)
  if (twice.length > 0) {
    return twice.map(({ port, what, setting }) => {
      const first = ports.find((other) => other.port === port)
      return `Port ${port} is set for ${what} (${setting}) and for ${first?.what} (${first?.setting}). Set one of them to another port.`
    })
  }
  const giveUp = Date.now() + grace
  for (let waited = false; ; waited = true) {
    const states = await Promise.all(ports.map(async (needed) => ({ needed, problem: await problemOf(needed.port) })))
    const taken = states.filter(({ problem }) => problem !== null)
    if (taken.length === 0) return []
    if (Date.now() > giveUp) return taken.map(({ needed, problem }) => line(needed, problem ?? ''))
    if (!waited) onWait()
    await sleep(200)
  }
}

const line = ({ port, what, setting }: NeededPort, problem: string) =>
  `Port ${port} for ${what} ${problem}. Set ${setting} to another port${problem.includes('taken') ? ', or stop the program that uses it' : ''}.`

async function problemOf(port: number): Promise<string | null> {
  // Listening is not enough: some systems allow 127.0.0.1 beside a listener on all addresses, and a browser tries ::1 first, where
  // another program may listen.
  if ((await answers('127.0.0.1', port)) || (await answers('::1', port))) return 'is taken'
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code === 'EACCES' ? 'requires more rights than you have' : `is taken (${code})`),
    )
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(null)))
  })
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(1_000, () => end(false))
    socket.once('connect', () => end(true)).once('error', () => end(false))
  })
}
