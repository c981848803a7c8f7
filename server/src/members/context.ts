import type { Identity } from '../auth/index.ts'
import type { Database } from '../db/index.ts'
import type { MembersLoaders } from './loaders.ts'
import type { ReaderSource } from './reader.ts'

/** What a request knows of its reader, and what each room may ask of. `graphql` composes the whole context. */
export interface ReaderContext {
  readonly db: Database
  /** The one instant, of business time, at which this request is decided. */
  readonly now: Date
  /** Wall time at the same instant. It differs from `now` when the business clock was moved. */
  readonly wallTime: Date
  /** The subject of the verified token; null when anonymous. */
  readonly identity: Identity | null
  /** The reader for that identity, looked up on first use. Rejects with SERVICE_UNAVAILABLE when it cannot be looked up. */
  readonly reader: ReaderSource['reader']
  readonly profileOf: ReaderSource['profileOf']
  readonly members: MembersLoaders
}
