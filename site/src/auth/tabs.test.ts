import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openTabs, type Tabs, type TabMessage } from './tabs.ts'

const Channel = globalThis.BroadcastChannel
const open: BroadcastChannel[] = []

/** A channel that is closed after the test. */
class Counted extends Channel {
  constructor(name: string) {
    super(name)
    open.push(this)
  }
}

const stub = (name: string, value: unknown) =>
  Object.defineProperty(globalThis, name, { configurable: true, writable: true, value })

beforeEach(() => {
  stub('window', globalThis)
  stub('BroadcastChannel', Counted)
})
afterEach(() => {
  for (const channel of open.splice(0)) channel.close()
  Reflect.deleteProperty(globalThis, 'window')
  stub('BroadcastChannel', Channel)
})

function hears(tabs: Tabs): { words: TabMessage[]; stop: () => void } {
  const words: TabMessage[] = []
  return { words, stop: tabs.listen((word) => words.push(word)) }
}
/** Waits until messages have arrived. */
const arrival = () => sleep(50)

test('a tab receives the messages of others, not its own', async () => {
  const [one, other] = [openTabs(), openTabs()]
  const [here, there] = [hears(one), hears(other)]
  one.send('signed-in')
  one.send('signed-out')
  await arrival()
  expect(there.words).toEqual(['signed-in', 'signed-out'])
  expect(here.words).toEqual([])
})

const foreignWords: unknown[] = [
  'signed-in ',
  'SIGNED-OUT',
  '',
  null,
  undefined,
  7,
  ['signed-out'],
  { word: 'signed-out' },
  { toString: 'signed-out' },
]

test.each(foreignWords)('the foreign word %j is not heard', async (word) => {
  const { words } = hears(openTabs())
  const foreign = new Counted('gatepost-session')
  foreign.postMessage(word)
  foreign.postMessage('signed-out')
  await arrival()
  expect(words).toEqual(['signed-out'])
})

test('other channels are not listened to', async () => {
  const { words } = hears(openTabs())
  new Counted('somebody-else').postMessage('signed-out')
  await arrival()
  expect(words).toEqual([])
})

test('who stopped listening hears no more', async () => {
  const [one, other] = [openTabs(), openTabs()]
  const [stopped, staying] = [hears(other), hears(other)]
  stopped.stop()
  one.send('signed-out')
  await arrival()
  expect([stopped.words, staying.words]).toEqual([[], ['signed-out']])
})

describe.each([
  ['a browser without channels', 'BroadcastChannel'],
  ['the server', 'window'],
])('%s', (_place, lacking) => {
  test('sends and receives nothing', async () => {
    const listener = new Counted('gatepost-session')
    let heard = 0
    listener.addEventListener('message', () => heard++)
    stub(lacking, undefined)
    const { words, stop } = hears(openTabs())
    openTabs().send('signed-out')
    await arrival()
    stop()
    expect([heard, words]).toEqual([0, []])
  })
})
