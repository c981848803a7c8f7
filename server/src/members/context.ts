import type { Identity } from '../auth/index.ts'
import type { Database } from '../db/index.ts'
import type { MembersLoaders } from './loaders.ts'
import type { ReaderSource } from './reader.ts'

/** The part of a request's context that this room needs. `graphql` composes the whole context. */
export interface ReaderContext {
  readonly db: Database
  /** The instant of business time at which everything in this request is decided. */
  readonly now: Date
  /** Wall time at the same instant. It differs from `now` if the business clock was moved. */
  readonly wallTime: Date
  /** The identity in the verified token. Null for an anonymous reader. */
  readonly identity: Identity | null
  /** Returns the reader with that identity. Looked up on first use. */
  readonly reader: ReaderSource['reader']
  readonly profileOf: ReaderSource['profileOf']
  readonly members: MembersLoaders
}
