import { expect, test } from '@jest/globals'
import type { Catalogue } from '../catalogue/index.ts'
import { catalogue, holds, now, readers } from '../../test/support/holdings.ts'
import type { Reader } from '../members/index.ts'
import { createDecide } from './decide.ts'
import { BodyGrant } from './grant.ts'
import type { MembershipLoaders } from './loaders.ts'
import type { MembershipRow, Requirement } from './types.ts'

// A grant cannot be written down, not even by a test that reports it: hence `grant === null`.
const request = {}
const fail = () => Promise.reject(new Error('no database'))

interface Setup {
  readonly visibility?: Requirement['visibility'] | null
  readonly reader?: () => Promise<Reader>
  readonly held?: () => Promise<MembershipRow[]>
  readonly requirement?: () => Promise<Requirement | null>
  readonly plans?: () => Promise<Catalogue>
}

function start({ visibility = 'PAID', ...setup }: Setup = {}) {
  const asked: string[] = []
  const failures: unknown[] = []
  const noting = <T>(what: string, answer: () => Promise<T>) => {
    return () => {
      asked.push(what)
      return answer()
    }
  }
  const requires = () => Promise.resolve(visibility && { id: 'requirement', visibility, planIds: [] })
  const decide = createDecide({
    request,
    now,
    reader: noting('reader', setup.reader ?? (() => Promise.resolve(readers.member))),
    loaders: {
      requirement: { load: noting('requirement', setup.requirement ?? requires) },
      memberships: { load: noting('holdings', setup.held ?? (() => Promise.resolve([holds('patron')]))) },
    } as unknown as MembershipLoaders,
    catalogue: noting('plans', setup.plans ?? (() => Promise.resolve(catalogue))),
    onFailure: (error) => failures.push(error),
  })
  return { decide, asked, failures }
}

test('a granted article comes with its key', async () => {
  const { access, grant } = await start().decide('article')
  expect(access).toMatchObject({ granted: true, reason: 'PLAN' })
  expect(BodyGrant.articleOpenedBy(grant, request)).toBe('article')
})

test('a locked article comes without', async () => {
  const { access, grant } = await start({ held: () => Promise.resolve([]) }).decide('article')
  expect([access.granted, access.reason, grant === null]).toEqual([false, 'PLAN_REQUIRED', true])
})

test('one article is decided once, for all who ask', async () => {
  const { decide, asked } = start()
  const decisions = await Promise.all([decide('article'), decide('article')])
  expect(decisions[0]).toBe(decisions[1])
  expect(await decide('article')).toBe(decisions[0])
  expect(asked).toEqual(['requirement', 'plans', 'reader', 'holdings'])
  expect(Object.isFrozen(decisions[0].access)).toBe(true)
})

test.each([
  ['PUBLIC', ['requirement', 'plans']],
  ['MEMBERS', ['requirement', 'plans', 'reader']],
  ['PAID', ['requirement', 'plans', 'reader', 'holdings']],
  ['PLANS', ['requirement', 'plans', 'reader', 'holdings']],
] as const)('%s asks for %j', async (visibility, expected) => {
  const { decide, asked } = start({ visibility })
  await decide('article')
  expect(asked).toEqual(expected)
})

test('of a stranger nobody asks what they hold', async () => {
  const { decide, asked } = start({ reader: () => Promise.resolve(readers.anonymous) })
  expect((await decide('article')).access.reason).toBe('SIGN_IN_REQUIRED')
  expect(asked).toEqual(['requirement', 'plans', 'reader'])
})

test('what is public stays open while we cannot tell who asks', async () => {
  const { decide, failures } = start({ visibility: 'PUBLIC', reader: fail, held: fail })
  expect((await decide('article')).access.reason).toBe('PUBLIC')
  expect(failures).toEqual([])
})

test.each<[string, Setup]>([
  ['what it asks for', { requirement: fail }],
  ['the plans', { plans: fail }],
  ['who asks', { reader: fail }],
  ['what they hold', { held: fail }],
])('stays locked when %s cannot be read', async (_name, setup) => {
  const { decide, failures } = start(setup)
  const { access, grant } = await decide('article')
  expect([access.granted, access.reason, access.until, grant === null]).toEqual([false, 'UNAVAILABLE', null, true])
  expect(failures).toEqual([new Error('no database')])
})

test('stays locked when it asks for nothing yet', async () => {
  const { decide, failures } = start({ visibility: null })
  const { access, grant } = await decide('article')
  expect([access.granted, access.reason, grant === null]).toEqual([false, 'UNAVAILABLE', true])
  expect(failures).toEqual([])
})
