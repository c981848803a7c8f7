export {
  connectDatabase,
  createPool,
  dropStuck,
  poolConfig,
  type Database,
  type Queryable,
  type Transaction,
} from './client.ts'
export { isDatabaseFailure } from './failure.ts'
export { isReachable } from './readiness.ts'
export { migrate } from './migrate.ts'
export { listenForChanges, reconnectPauses, type ChangeFeed } from './notifications.ts'
export { watchDatabase } from './watch.ts'
