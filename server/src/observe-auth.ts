import type { AuthEvent } from './auth/index.ts'
import type { Logger } from './lib/logger.ts'
import type { Metrics } from './lib/metrics.ts'

/** Counts an authentication event, and logs problems with the issuer's keys. Refused tokens are logged with their request. */
export function observeAuth(event: AuthEvent, metrics: Metrics, log: Logger | undefined): void {
  metrics.authEvent(event.type, 'reason' in event ? event.reason : '')
  switch (event.type) {
    case 'keys_stale':
      metrics.keysAge(event.ageSeconds)
      log?.warn({ ageSeconds: event.ageSeconds }, 'the issuer cannot be reached; its stored keys are used')
      break
    case 'keys_failed':
      log?.warn(
        { reason: event.reason, status: event.status, code: event.code, retryInSeconds: event.retryInSeconds },
        'the issuer’s keys could not be fetched',
      )
      break
    case 'keys_fetched':
      if (event.changed) log?.info({ keys: event.keys }, 'the issuer’s keys were fetched')
      break
    default:
  }
}
