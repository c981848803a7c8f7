import { Transform } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { limits } from '../../graphql/index.ts'
import { staffPermission } from '../../membership/index.ts'
import { isObject } from '../../lib/json.ts'
import { HttpProblem } from '../problem.ts'

/** The largest request bodies, in bytes. Staff send whole articles. */
export const mostBytes = 100_000
export const mostBytesFromStaff = 2_000_000

const tooLarge = (most: number): HttpProblem =>
  new HttpProblem(413, 'BAD_REQUEST', `The request is larger than ${most} bytes.`)

/** The step that refuses a body over the sender's limit while it arrives, before it is parsed. */
export async function limitRequestSize(request: FastifyRequest, _reply: unknown, payload: NodeJS.ReadableStream) {
  const most = request.identity?.permissions.has(staffPermission) ? mostBytesFromStaff : mostBytes
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLarge(most)
  let received = 0
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length
      done(received > most ? tooLarge(most) : null, chunk)
    },
  })
  // Fastify compares this property with Content-Length.
  Object.defineProperty(counted, 'receivedEncodedLength', { get: () => received })
  payload.on('error', (error: Error) => counted.destroy(error))
  return payload.pipe(counted)
}

/** The step that refuses a query text over the limit. */
export async function limitQueryLength(request: FastifyRequest): Promise<void> {
  const sources: unknown[] = [request.body, request.query]
  for (const source of sources) {
    const query = isObject(source) ? source['query'] : undefined
    if (typeof query === 'string' && Buffer.byteLength(query) > limits.queryBytes) {
      throw new HttpProblem(413, 'BAD_REQUEST', `The query is longer than ${limits.queryBytes} bytes.`)
    }
  }
}
