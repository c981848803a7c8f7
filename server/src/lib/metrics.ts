import { once } from 'node:events'
import { createServer } from 'node:http'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** The server's Prometheus metrics. No label has a value that a caller can choose. */
export interface Metrics {
  readonly registry: Registry
  readonly requestAnswered: (method: string, status: number, milliseconds: number) => void
  readonly rateLimitFellBack: () => void
  readonly authEvent: (type: string, reason: string) => void
  readonly keysAge: (seconds: number) => void
  readonly streamsOpen: (count: number) => void
  readonly changesHeard: (heard: boolean) => void
  readonly billingEvent: (outcome: string) => void
  readonly billingComparison: (outcome: 'equal' | 'different') => void
  /** @param kind the name of a `JobKind` */
  readonly job: (kind: string, outcome: 'done' | 'failed' | 'dead') => void
  readonly deadJobs: (count: number) => void
}

const knownMethods = new Set(['GET', 'POST', 'OPTIONS'])

export function createMetrics(): Metrics {
  const registry = new Registry()
  const requests = new Histogram({
    name: 'gatepost_http_request_seconds',
    help: 'Requests by method and status, with the time they took.',
    labelNames: ['method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  const fallbacks = new Counter({
    name: 'gatepost_rate_limit_fallbacks_total',
    help: 'Requests counted by this process alone because Redis did not answer.',
    registers: [registry],
  })
  const streams = new Gauge({
    name: 'gatepost_streams_open',
    help: 'Open subscription streams.',
    registers: [registry],
  })
  const heard = new Gauge({
    name: 'gatepost_changes_heard',
    help: 'Whether notifications of changes arrive from the database: 1 or 0; alert on 0.',
    registers: [registry],
  })
  const auth = new Counter({
    name: 'gatepost_auth_events_total',
    help: 'Accepted and refused tokens, and fetches of the issuer’s keys; alert on the share of token_refused.',
    labelNames: ['type', 'reason'],
    registers: [registry],
  })
  const age = new Gauge({
    name: 'gatepost_auth_keys_age_seconds',
    help: 'Age of the issuer’s keys when stale keys were used.',
    registers: [registry],
  })
  const billing = new Counter({
    name: 'gatepost_billing_events_total',
    help: 'Webhook events of the payment provider by outcome; alert on pending, foreign and refused.',
    labelNames: ['outcome'],
    registers: [registry],
  })
  const comparisons = new Counter({
    name: 'gatepost_billing_comparisons_total',
    help: 'Daily comparisons with the payment provider by outcome; alert on an increase of different.',
    labelNames: ['outcome'],
    registers: [registry],
  })
  const jobs = new Counter({
    name: 'gatepost_jobs_total',
    help: 'Attempts of background jobs by kind and outcome; alert on an increase of dead.',
    labelNames: ['kind', 'outcome'],
    registers: [registry],
  })
  const dead = new Gauge({
    name: 'gatepost_jobs_dead',
    help: 'Jobs that failed and are no longer retried (npm run jobs); alert on more than 0.',
    registers: [registry],
  })
  return {
    registry,
    requestAnswered: (method, status, milliseconds) => {
      const label = knownMethods.has(method) ? method : 'other'
      requests.observe({ method: label, status: String(status) }, milliseconds / 1000)
    },
    rateLimitFellBack: () => fallbacks.inc(),
    authEvent: (type, reason) => auth.inc({ type, reason }),
    keysAge: (seconds) => age.set(seconds),
    streamsOpen: (count) => streams.set(count),
    changesHeard: (is) => heard.set(is ? 1 : 0),
    billingEvent: (outcome) => billing.inc({ outcome }),
    billingComparison: (outcome) => comparisons.inc({ outcome }),
    job: (kind, outcome) => jobs.inc({ kind, outcome }),
    deadJobs: (count) => dead.set(count),
  }
}

/**
 * Serves the metrics on the loopback interface only. The scraper runs on the same machine.
 *
 * @returns a function that stops the server
 * @throws if the port is not available
 */
export async function serveMetrics(metrics: Metrics, port: number): Promise<() => void> {
  collectDefaultMetrics({ register: metrics.registry })
  const server = createServer((_request, response) => {
    void metrics.registry.metrics().then((text) => {
      response.setHeader('content-type', metrics.registry.contentType).end(text)
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  // A connection that cannot be accepted (too many open files) must not end the process.
  server.on('error', () => undefined)
  return () => server.close()
}
