import { setImmediate as settle } from 'node:timers/promises'
import { afterEach, expect, jest, test } from '@jest/globals'
import type { Answer, Answers } from '../../graphql/index.ts'
import { EventStream, type EventStreamOptions } from './event-stream.ts'

/** Creates answers that a test resolves one by one, and records the requests for them. */
function answersByHand() {
  const asked: { resolve: (result: IteratorResult<Answer, undefined>) => void; reject: (error: Error) => void }[] = []
  const state = { asked, ended: 0 }
  const answers: Answers = {
    next: () => new Promise((resolve, reject) => asked.push({ resolve, reject })),
    return: () => {
      state.ended += 1
      return Promise.resolve({ done: true, value: undefined })
    },
  }
  return { answers, state }
}

const hello = { done: false, value: { data: { greeting: 'hello' } } } as const
const next = 'event: next\ndata: {"data":{"greeting":"hello"}}\n\n'
const complete = 'event: complete\ndata:\n\n'

function open(options: Partial<EventStreamOptions> = {}) {
  const { answers, state } = answersByHand()
  const broken: unknown[] = []
  const stream = new EventStream(answers, { onBroken: (error) => broken.push(error), ...options })
  let text = ''
  stream.setEncoding('utf8')
  return { stream, state, broken, listen: () => stream.on('data', (part: string) => (text += part)), text: () => text }
}

afterEach(() => void jest.useRealTimers())

test('sends a comment, then each answer, then complete', async () => {
  const { stream, state, listen, text } = open()
  listen()
  await settle()
  expect(text()).toBe(':\n\n')
  state.asked[0]?.resolve(hello)
  await settle()
  expect(text()).toBe(`:\n\n${next}`)
  state.asked[1]?.resolve({ done: true, value: undefined })
  await settle()
  expect(text()).toBe(`:\n\n${next}${complete}`)
  expect([stream.readableEnded, state.ended]).toEqual([true, 1])
})

test('the next answer is computed after the previous one is taken', async () => {
  const { stream, state } = open()
  await settle()
  expect(state.asked).toHaveLength(0)
  stream.read()
  await settle()
  expect(state.asked).toHaveLength(1)
  state.asked[0]?.resolve(hello)
  await settle()
  expect(state.asked).toHaveLength(1)
  stream.destroy()
})

test('completing the stream does not wait for an answer', async () => {
  const { stream, state, listen, text } = open()
  listen()
  await settle()
  stream.complete()
  stream.complete()
  state.asked[0]?.resolve(hello)
  await settle()
  expect(text()).toBe(`:\n\n${complete}`)
  expect(state.ended).toBe(1)
})

test('destroying the stream ends its answers', async () => {
  const { stream, state } = open()
  stream.destroy()
  await settle()
  stream.complete()
  expect(state.ended).toBe(1)
})

test('a failed answer breaks the stream off without complete', async () => {
  const { stream, state, broken, listen, text } = open()
  listen()
  await settle()
  state.asked[0]?.reject(new Error('broken'))
  await settle()
  expect(broken).toMatchObject([{ message: 'broken' }])
  expect([stream.destroyed, text()]).toEqual([true, ':\n\n'])
})

test('comments keep the stream alive and do not accumulate', async () => {
  jest.useFakeTimers()
  const { stream, listen, text } = open({ keepAliveMilliseconds: 10 })
  await jest.advanceTimersByTimeAsync(50)
  expect(stream.readableLength).toBe(3)
  listen()
  await jest.advanceTimersByTimeAsync(30)
  expect(text()).toBe(':\n\n'.repeat(4))
  stream.destroy()
})
