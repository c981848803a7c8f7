import { expect, test } from '@jest/globals'
import type { Catalogue } from '../catalogue/index.ts'
import { catalogue, holds, now, readers } from '../../test/support/holdings.ts'
import type { Reader } from '../members/index.ts'
import { createDecide, grantForPublisher } from './decide.ts'
import { BodyGrant } from './grant.ts'
import type { MembershipLoaders } from './loaders.ts'
import type { MembershipRow, Requirement } from './types.ts'

// A grant cannot be serialised, not even in a test's report, so the tests compare `grant === null`.
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
  const reads: string[] = []
  const failures: unknown[] = []
  const noting = <T>(what: string, answer: () => Promise<T>) => {
    return () => {
      reads.push(what)
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
  return { decide, reads, failures }
}

test('a positive decision has a grant', async () => {
  const { access, grant } = await start().decide('article')
  expect(access).toMatchObject({ granted: true, reason: 'PLAN' })
  expect(BodyGrant.articleOpenedBy(grant, request)).toBe('article')
})

test('a negative decision has no grant', async () => {
  const { access, grant } = await start({ held: () => Promise.resolve([]) }).decide('article')
  expect([access.granted, access.reason, grant === null]).toEqual([false, 'PLAN_REQUIRED', true])
})

test('an article is decided once per request', async () => {
  const { decide, reads } = start()
  const decisions = await Promise.all([decide('article'), decide('article')])
  expect(decisions[0]).toBe(decisions[1])
  expect(await decide('article')).toBe(decisions[0])
  expect(reads).toEqual(['requirement', 'plans', 'reader', 'holdings'])
  expect(Object.isFrozen(decisions[0].access)).toBe(true)
})

test.each([
  ['PUBLIC', ['requirement', 'plans']],
  ['MEMBERS', ['requirement', 'plans', 'reader']],
  ['PAID', ['requirement', 'plans', 'reader', 'holdings']],
  ['PLANS', ['requirement', 'plans', 'reader', 'holdings']],
] as const)('%s loads %j', async (visibility, expected) => {
  const { decide, reads } = start({ visibility })
  await decide('article')
  expect(reads).toEqual(expected)
})

test('loads no memberships for an anonymous reader', async () => {
  const { decide, reads } = start({ reader: () => Promise.resolve(readers.anonymous) })
  expect((await decide('article')).access.reason).toBe('SIGN_IN_REQUIRED')
  expect(reads).toEqual(['requirement', 'plans', 'reader'])
})

test('a public article stays open without a reader lookup', async () => {
  const { decide, failures } = start({ visibility: 'PUBLIC', reader: fail, held: fail })
  expect((await decide('article')).access.reason).toBe('PUBLIC')
  expect(failures).toEqual([])
})

test.each<[string, Setup]>([
  ['requirement', { requirement: fail }],
  ['catalogue', { plans: fail }],
  ['reader', { reader: fail }],
  ['memberships', { held: fail }],
])('locks the article if loading the %s fails', async (_name, setup) => {
  const { decide, failures } = start(setup)
  const { access, grant } = await decide('article')
  expect([access.granted, access.reason, access.until, grant === null]).toEqual([false, 'UNAVAILABLE', null, true])
  expect(failures).toEqual([new Error('no database')])
})

test('locks an article without a requirement', async () => {
  const { decide, failures } = start({ visibility: null })
  const { access, grant } = await decide('article')
  expect([access.granted, access.reason, grant === null]).toEqual([false, 'UNAVAILABLE', true])
  expect(failures).toEqual([])
})

test.each(['PUBLIC', 'PAID'] as const)(
  'the publisher has a grant of a %s article, published or not',
  async (visibility) => {
    const load = (id: string) => Promise.resolve({ id: `requirement of ${id}`, visibility, planIds: [] })
    const loaders = { requirement: { load } } as unknown as MembershipLoaders
    const grant = await grantForPublisher('article', { request, loaders })
    if (grant === null) throw new Error('no grant')
    expect(BodyGrant.articleOpenedBy(grant, request)).toBe('article')
    expect([BodyGrant.requirementJudged(grant), BodyGrant.opensUnpublished(grant)]).toEqual([
      'requirement of article',
      true,
    ])
  },
)

test('the publisher has no grant of an article without a requirement', async () => {
  const loaders = { requirement: { load: () => Promise.resolve(null) } } as unknown as MembershipLoaders
  expect((await grantForPublisher('article', { request, loaders })) === null).toBe(true)
})

test('a grant of a reader does not open an unpublished article', async () => {
  const { grant } = await start().decide('article')
  expect(grant && BodyGrant.opensUnpublished(grant)).toBe(false)
})
