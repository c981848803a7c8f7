import { expect, test } from '@jest/globals'
import { createStreams } from './open-streams.ts'

const refused = (status: number, code: string) =>
  expect.objectContaining({ status, code, headers: { 'retry-after': '5' } }) as unknown as Error
const noEnd = () => undefined

test('limits the streams of one caller, and a removed stream makes room', () => {
  const streams = createStreams({ ofOneCaller: 2 })
  const remove = streams.add('a', noEnd)
  streams.add('a', noEnd)
  streams.add('b', noEnd)
  expect(() => streams.add('a', noEnd)).toThrow(refused(429, 'RATE_LIMITED'))
  remove()
  remove()
  streams.add('a', noEnd)
  expect(() => streams.add('a', noEnd)).toThrow('You have 2 streams open. Close one first.')
})

test('limits the streams of the process and reports their number', () => {
  const counts: number[] = []
  const streams = createStreams({ inAll: 2, onCount: (count) => counts.push(count) })
  const remove = streams.add('a', noEnd)
  streams.add('b', noEnd)
  expect(() => streams.add('c', noEnd)).toThrow(refused(503, 'SERVICE_UNAVAILABLE'))
  remove()
  remove()
  streams.add('c', noEnd)
  expect(counts).toEqual([1, 2, 1, 2])
})

test('a stop ends all streams and refuses new ones', () => {
  const streams = createStreams()
  const ended: string[] = []
  const add = (caller: string, name: string) => {
    const remove = streams.add(caller, () => {
      ended.push(name)
      remove()
    })
  }
  add('a', 'a1')
  add('a', 'a2')
  add('b', 'b')
  streams.stop()
  streams.stop()
  expect(ended).toEqual(['a1', 'a2', 'b'])
  expect(() => streams.add('a', noEnd)).toThrow(refused(503, 'SERVICE_UNAVAILABLE'))
})
