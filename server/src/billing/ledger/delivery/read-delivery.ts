import { createHash } from 'node:crypto'
import { z } from 'zod'
import { isStorable } from '../../../lib/text.ts'
import { ledgerEntry, readEnvelope, type LedgerEntry } from '../ledger-entry.ts'
import { reasonNotStorable } from './storable.ts'

/** The body of a delivery is not JSON. */
export class NotJson extends Error {}

/** An event that can only be stored as bytes. */
export interface UnstorableEvent {
  readonly id: string
  readonly type: string
  /** Null if the event has no valid time. */
  readonly occurredAt: Date | null
  readonly body: Buffer
  /** The reason, for people. */
  readonly note: string
}

export type Delivery =
  | { readonly kind: 'event'; readonly entry: LedgerEntry }
  | { readonly kind: 'bytes'; readonly event: UnstorableEvent }

const name = z.string().min(1).max(255).refine(isStorable)

/**
 * Parses the body of a verified delivery. An event that cannot be stored as JSON or under its id is stored as bytes. If it were
 * refused, the provider would send it again and again.
 *
 * @throws NotJson, NotAnEvent
 */
export function readDelivery(body: Buffer): Delivery {
  const { text, isUtf8 } = decoded(body)
  const payload = parsed(text)
  const { id, type, created: occurredAt } = readEnvelope(payload)
  const reason = isUtf8 ? (reasonNotStorable(payload) ?? misnamed(id, type, occurredAt)) : 'not in UTF-8'
  if (reason === null) return { kind: 'event', entry: ledgerEntry(payload) }
  const digest = createHash('sha256').update(body).digest('hex')
  return {
    kind: 'bytes',
    event: {
      id: name.safeParse(id).data ?? `gatepost_bytes_${digest}`,
      type: name.safeParse(type).data ?? 'unreadable',
      occurredAt,
      body,
      note: `kept as bytes: ${reason}`,
    },
  }
}

/** Returns why the id, type or time of an event cannot be stored, or null. */
function misnamed(id: string, type: string, occurredAt: Date | null): string | null {
  if (!name.safeParse(id).success || !name.safeParse(type).success) return 'the id or type is too long'
  return occurredAt === null ? 'the time is not valid' : null
}

/** Decodes the body. JSON is UTF-8 (RFC 8259, section 8.1). Other bytes would be decoded to a text that differs from the signed bytes. */
function decoded(body: Buffer): { readonly text: string; readonly isUtf8: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(body), isUtf8: true }
  } catch {
    return { text: body.toString('utf8'), isUtf8: false }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new NotJson('not JSON')
  }
}
