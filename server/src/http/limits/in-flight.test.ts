import { EventEmitter } from 'node:events'
import { expect, test } from '@jest/globals'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { InFlight } from './in-flight.ts'

/** Sends a request from an address and records its outcome. */
function arrive(inFlight: InFlight, ip: string, { burst = 3, gone = false } = {}) {
  const raw = Object.assign(new EventEmitter(), { destroyed: gone, closed: false })
  const state = { began: false, dropped: false, refusedWith: 0 }
  const request = { identity: null, ip, rate: { burst } } as unknown as FastifyRequest
  const reply = { raw, hijack: () => (state.dropped = true) } as unknown as FastifyReply
  const done = inFlight.waitForPlace(request, reply).then(
    () => void (state.began = !state.dropped),
    (error: { status: number }) => void (state.refusedWith = error.status),
  )
  /** Ends the response or the connection. */
  const close = async () => {
    raw.emit('close')
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { state, done, close }
}
const settle = () => new Promise((resolve) => setImmediate(resolve))

test('G47: requests over the limit of a caller wait and begin in order', async () => {
  const inFlight = new InFlight(2)
  const [a, b, c, d] = [1, 2, 3, 4].map(() => arrive(inFlight, '192.0.2.1'))
  const other = arrive(inFlight, '192.0.2.2')
  await settle()
  const began = () => [a, b, c, d].map((request) => request?.state.began)
  expect(began()).toEqual([true, true, false, false])
  expect(other.state.began).toBe(true)
  await b?.close()
  expect(began()).toEqual([true, true, true, false])
  await a?.close()
  expect(began()).toEqual([true, true, true, true])
})

test('G47: a waiting request whose client disconnects is dropped and blocks no other', async () => {
  const inFlight = new InFlight(1)
  const first = arrive(inFlight, '192.0.2.1')
  const left = Array.from({ length: 3 }, () => arrive(inFlight, '192.0.2.1'))
  for (const request of left) await request.close()
  const last = arrive(inFlight, '192.0.2.1')
  await first.close()
  expect(left.map(({ state }) => state)).toEqual(Array(3).fill({ began: false, dropped: true, refusedWith: 0 }))
  expect(last.state.began).toBe(true)
  await last.close()
  const next = arrive(inFlight, '192.0.2.1')
  await next.done
  expect(next.state.began).toBe(true)
})

test('G47: a request whose client has already disconnected takes no place', async () => {
  const inFlight = new InFlight(1)
  const gone = arrive(inFlight, '192.0.2.1', { gone: true })
  await gone.done
  expect(gone.state).toEqual({ began: false, dropped: true, refusedWith: 0 })
  const next = arrive(inFlight, '192.0.2.1')
  await next.done
  expect(next.state.began).toBe(true)
})

test('G47: at most one burst of requests waits', async () => {
  const inFlight = new InFlight(1)
  const all = Array.from({ length: 5 }, () => arrive(inFlight, '192.0.2.1', { burst: 3 }))
  await settle()
  expect(all.map(({ state }) => state.refusedWith)).toEqual([0, 0, 0, 0, 429])
})
