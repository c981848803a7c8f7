import { createApp } from '../../server/src/app.ts'
import { createAuth } from '../../server/src/auth/index.ts'
import type { Database } from '../../server/src/db/index.ts'
import { createMetrics } from '../../server/src/lib/metrics.ts'
import { createChangeHub } from '../../server/src/membership/index.ts'
import { businessClock } from '../business-now.ts'
import type { ScriptSettings } from '../env.ts'

/** A limit that is never reached. */
const unlimited = 1_000_000_000

/** Starts the server in this process on its own port, without rate limits and without a log. */
export async function startServer(
  settings: ScriptSettings,
  db: Database,
): Promise<{ url: string; close: () => Promise<void> }> {
  const clock = await businessClock(settings)
  const auth = createAuth({ settings: settings.server.auth, clock, observe: () => undefined })
  const rateLimits = {
    address: unlimited,
    anonymous: unlimited,
    member: unlimited,
    badToken: unlimited,
    inFlight: unlimited,
  }
  const { http, close } = await createApp({
    settings: { ...settings.server, logLevel: 'silent', redisUrl: null, rateLimits },
    db,
    auth,
    clock,
    metrics: createMetrics(),
    changes: createChangeHub(),
  })
  await auth.start()
  const url = await http.listen({ host: '127.0.0.1', port: 0 })
  return {
    url: `${url}/graphql`,
    close: async () => {
      await close()
      auth.stop()
    },
  }
}
