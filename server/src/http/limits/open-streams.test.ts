import { expect, test } from '@jest/globals'
import { createStreams } from './open-streams.ts'

const refused = (status: number, code: string) =>
  expect.objectContaining({ status, code, headers: { 'retry-after': '5' } }) as unknown as Error
const noEnd = () => undefined

test('so many for each caller; one that goes makes room', () => {
  const streams = createStreams({ ofOneCaller: 2 })
  const leave = streams.take('a', noEnd)
  streams.take('a', noEnd)
  streams.take('b', noEnd)
  expect(() => streams.take('a', noEnd)).toThrow(refused(429, 'RATE_LIMITED'))
  leave()
  leave()
  streams.take('a', noEnd)
  expect(() => streams.take('a', noEnd)).toThrow('You have 2 streams open. Close one first.')
})

test('so many in all, counted', () => {
  const counts: number[] = []
  const streams = createStreams({ inAll: 2, onCount: (count) => counts.push(count) })
  const leave = streams.take('a', noEnd)
  streams.take('b', noEnd)
  expect(() => streams.take('c', noEnd)).toThrow(refused(503, 'SERVICE_UNAVAILABLE'))
  leave()
  leave()
  streams.take('c', noEnd)
  expect(counts).toEqual([1, 2, 1, 2])
})

test('a stop ends all and lets in no more', () => {
  const streams = createStreams()
  const ended: string[] = []
  const take = (caller: string, name: string) => {
    const leave = streams.take(caller, () => {
      ended.push(name)
      leave()
    })
  }
  take('a', 'a1')
  take('a', 'a2')
  take('b', 'b')
  streams.stop()
  streams.stop()
  expect(ended).toEqual(['a1', 'a2', 'b'])
  expect(() => streams.take('a', noEnd)).toThrow(refused(503, 'SERVICE_UNAVAILABLE'))
})
