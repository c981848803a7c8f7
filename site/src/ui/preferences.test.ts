import { runInNewContext, Script } from 'node:vm'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  beforePaint,
  preferencesKey,
  readPreferences,
  sizes,
  defaultPreferences,
  writePreferences,
  type Preferences,
} from './preferences.ts'

type Dataset = Record<string, string>
let dataset: Dataset = {}

function stub(name: string, property: PropertyDescriptor): void {
  Object.defineProperty(globalThis, name, { configurable: true, ...property })
}

/** A browser's storage with one entry, or none. */
function storage(kept: string | null) {
  let value = kept
  return {
    getItem: (key: string) => (key === preferencesKey ? value : null),
    setItem: (key: string, text: string) => void (value = key === preferencesKey ? text : value),
    removeItem: (key: string) => void (value = key === preferencesKey ? null : value),
  }
}

const refuse = () => {
  throw new DOMException('The operation is insecure.', 'SecurityError')
}
/** A browser whose storage is disabled. */
const lacking: [string, PropertyDescriptor][] = [
  ['is missing', { value: undefined }],
  ['cannot be touched', { get: refuse }],
  ['is full', { value: { getItem: refuse, setItem: refuse, removeItem: refuse } }],
]

beforeEach(() => {
  dataset = {}
  stub('document', { value: { documentElement: { dataset } } })
})
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'document')
  Reflect.deleteProperty(globalThis, 'localStorage')
})

test.each<[string | null, Preferences]>([
  [null, defaultPreferences],
  ['', defaultPreferences],
  ['light 0', { theme: 'light', size: 0 }],
  ['dark -1', { theme: 'dark', size: -1 }],
  ['system 3', { theme: 'system', size: 3 }],
  ['dark', { theme: 'dark', size: 0 }],
  ['dark 4', { theme: 'dark', size: 0 }],
  ['pink 2', { theme: 'system', size: 2 }],
  ['__proto__ 1e0', defaultPreferences],
  ['{"theme":"dark"}', defaultPreferences],
])('%j is read as %j', (kept, look) => {
  stub('localStorage', { value: storage(kept) })
  expect(readPreferences()).toEqual(look)
})

test.each([
  ...sizes.map((size): Preferences => ({ theme: 'system', size })),
  { theme: 'light', size: 0 } as const,
  { theme: 'dark', size: 3 } as const,
])('%j is shown, and read again as it was written', (look) => {
  stub('localStorage', { value: storage('dark 2') })
  writePreferences(look)
  expect(readPreferences()).toEqual(look)
  expect(dataset).toEqual({ theme: look.theme, size: String(look.size) })
})

test('keeps nothing of the usual look', () => {
  const kept = storage('dark 2')
  stub('localStorage', { value: kept })
  writePreferences(defaultPreferences)
  expect(kept.getItem(preferencesKey)).toBeNull()
})

describe.each(lacking)('storage that %s', (_how, property) => {
  beforeEach(() => stub('localStorage', property))

  test('reads as usual', () => {
    expect(readPreferences()).toEqual(defaultPreferences)
  })

  test('lets the look be changed for this page', () => {
    writePreferences({ theme: 'dark', size: 1 })
    expect(dataset).toEqual({ theme: 'dark', size: '1' })
  })
})

describe('before the first paint', () => {
  const mark = 'auth0.client.is.authenticated='

  function paint(kept: PropertyDescriptor, { cookie = '', pathname = '/' } = {}): Dataset {
    const found: Dataset = {}
    const window = { document: { cookie, documentElement: { dataset: found } }, location: { pathname } }
    Object.defineProperty(window, 'localStorage', kept)
    runInNewContext(beforePaint(mark), window)
    return found
  }

  test.each<[string | null, Dataset]>([
    [null, {}],
    ['', {}],
    ['dark 2', { theme: 'dark', size: '2' }],
    ['light', { theme: 'light' }],
  ])('%j gives %j', (kept, found) => {
    expect(paint({ value: storage(kept) })).toEqual(found)
  })

  test.each(lacking)('storage that %s stops nothing', (_how, property) => {
    const found = paint(property, { cookie: `${mark}true`, pathname: '/articles/the-beat/' })
    expect(found).toEqual({ session: 'maybe', unbuilt: '' })
  })

  test.each([
    [`${mark}true`, 'maybe'],
    [`theme=dark; ${mark}true; other=1`, 'maybe'],
    ['', undefined],
    ['auth0.other.is.authenticated=true', undefined],
  ])('cookies %j: session %s', (cookie, session) => {
    expect(paint({ value: storage(null) }, { cookie }).session).toBe(session)
  })

  test.each([
    ['/articles/the-beat/', ''],
    ['/tags/essays/', ''],
    ['/authors/somebody/', ''],
    ['/series/walks', ''],
    ['/', undefined],
    ['/articles/', undefined],
    ['/account/', undefined],
    ['/about/articles/the-beat/', undefined],
  ])('%s: unbuilt %j', (pathname, unbuilt) => {
    expect(paint({ value: storage(null) }, { pathname }).unbuilt).toBe(unbuilt)
  })

  test('takes a mark with quotes in it for a text', () => {
    expect(() => new Script(beforePaint('a"b\\c\nd'))).not.toThrow()
  })
})
