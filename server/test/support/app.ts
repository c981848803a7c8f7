import { afterAll } from '@jest/globals'
import type { GraphQLSchema } from 'graphql'
import { createApp, type App } from '../../src/app.ts'
import { createAuth } from '../../src/auth/index.ts'
import type { Database } from '../../src/db/index.ts'
import { parseSettings } from '../../src/env.ts'
import { createClock, type Clock } from '../../src/lib/clock.ts'
import { createMetrics, type Metrics } from '../../src/lib/metrics.ts'
import { createChangeHub, type ChangeHub } from '../../src/membership/index.ts'
import { observeAuth } from '../../src/observe-auth.ts'
import { testDatabase, testDatabaseUrl } from './database.ts'
import { startTestIssuer, type TestIssuer } from './issuer.ts'

export interface TestApp {
  readonly app: App
  readonly db: Database
  readonly issuer: TestIssuer
  /** All log lines so far. */
  readonly logs: string[]
  /** Sends a query over HTTP and parses the response. */
  readonly ask: (query: string, options?: AskOptions) => Promise<Answer>
  readonly url: string
  /** Publishes changes to the app. A test app does not listen for the database's notifications. */
  readonly changes: ChangeHub
  readonly metrics: Metrics
}

export interface AskOptions {
  readonly token?: string | undefined
  readonly variables?: Record<string, unknown>
  readonly headers?: Record<string, string>
}

export interface AnswerError {
  readonly message: string
  readonly path?: (string | number)[]
  readonly extensions: {
    readonly code: string
    readonly requestId?: string
    readonly reason?: string
    readonly requiredPlans?: { slug: string }[]
  }
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // `any`, because each test reads another shape and asserts it.

  readonly data: any
  readonly errors: AnswerError[] | undefined
}

export interface TestAppOptions {
  readonly env?: Record<string, string>
  readonly clock?: Clock
  readonly schema?: GraphQLSchema
  /** Another app whose database connections and issuer this one shares, like a second process of the same server. */
  readonly beside?: Pick<TestApp, 'db' | 'issuer'>
  /** The issuer's mode at the start of the server. Default `well`. */
  readonly issuerMode?: TestIssuer['mode']
  /** Default: any free port. */
  readonly port?: number
  /** Whether it behaves as in production. Settings cannot set this, because production requires an issuer with https. */
  readonly production?: boolean
  /** The app's option of the same name. */
  readonly providerBudgetMilliseconds?: number
}

/** Starts the real server on its own port with this file's database and its own issuer. Stops after the file's last test. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { env = {}, clock = createClock(), schema, beside, production = false, providerBudgetMilliseconds } = options
  const db = beside?.db ?? (await testDatabase())
  const issuer = beside?.issuer ?? (await startTestIssuer(() => clock.wall()))
  if (options.issuerMode) issuer.mode = options.issuerMode
  const logs: string[] = []
  const parsed = parseSettings({
    NODE_ENV: 'test',
    DATABASE_URL: testDatabaseUrl(),
    AUTH_ISSUER: issuer.url,
    AUTH0_AUDIENCE: issuer.audience,
    LOG_LEVEL: 'debug',
    RATE_LIMIT_ADDRESS: '1000000',
    RATE_LIMIT_IN_FLIGHT: '100000',
    RATE_LIMIT_ANONYMOUS: '100000',
    RATE_LIMIT_MEMBER: '100000',
    RATE_LIMIT_BAD_TOKEN: '100000',
    ...env,
  })
  const settings = { ...parsed, production }
  const metrics = createMetrics()
  const changes = createChangeHub()
  const auth = createAuth({
    settings: settings.auth,
    clock,
    observe: (event) => observeAuth(event, metrics, undefined),
  })
  const logStream = { write: (line: string) => void logs.push(line) }
  // On a busy machine a webhook can take longer than the default.
  const webhookWaitMilliseconds = 30_000
  const parts = { settings, db, auth, clock, metrics, changes, logStream, webhookWaitMilliseconds }
  const limits = providerBudgetMilliseconds === undefined ? {} : { providerBudgetMilliseconds }
  const app = await createApp({ ...parts, ...limits, ...(schema && { schema }) })
  await auth.start()
  const url = await app.http.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  afterAll(async () => {
    await app.close()
    auth.stop()
    if (!beside) await issuer.stop()
  })
  return {
    app,
    db,
    issuer,
    logs,
    url,
    changes,
    metrics,
    ask: (query, options) => ask(`${url}/graphql`, query, options),
  }
}

/** Sends a query by POST and parses the response. */
export async function ask(url: string, query: string, { token, variables, headers }: AskOptions = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }), ...headers },
    body: JSON.stringify({ query, ...(variables && { variables }) }),
  })
  const text = await response.text()
  const body = JSON.parse(text) as { data?: unknown; errors?: AnswerError[] }
  return { status: response.status, headers: response.headers, text, data: body.data, errors: body.errors }
}
