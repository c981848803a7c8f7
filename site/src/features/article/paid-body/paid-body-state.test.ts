import { describe, expect, test } from '@jest/globals'
import type { AccessReason } from '../../../api/operations.ts'
import { paidBodyState, type PaidBodyFacts } from './paid-body-state.ts'

type Built = PaidBodyFacts['built']
type Answer = PaidBodyFacts['answer']

const supporter = { slug: 'supporter', name: 'Supporter' }
const patron = { slug: 'patron', name: 'Patron' }

const open: Built = { visibility: 'PUBLIC', requiredPlans: [], rest: 'built' }
const locked: Built = { visibility: 'PLANS', requiredPlans: [supporter], rest: null }
/** Published after the build. */
const absent: Built = null

const loading: Answer = { kind: 'loading' }
const failed: Answer = { kind: 'failed', cause: 'api' }
const missing: Answer = { kind: 'missing' }
const membersOnly: Answer = { kind: 'members-only' }
const here = (granted: boolean, reason: AccessReason, rest?: string | null): Answer => ({
  kind: 'loaded',
  article: {
    access: { granted, reason, requiredPlans: [patron] },
    ...(rest !== undefined && { body: rest === null ? null : { rest } }),
  },
})

const is = (kind: 'loading' | 'missing') => ({ kind })
const shows = (html: string) => ({ kind: 'open', html })
const unknown = (...plans: unknown[]) => ({ kind: 'unknown', plans })
const lockedFor = (reason: string, ...plans: unknown[]) => ({ kind: 'locked', reason, plans })
const signIn = (...plans: unknown[]) => lockedFor('SIGN_IN_REQUIRED', ...plans)

type Session = PaidBodyFacts['session']

describe('before the API has answered', () => {
  test.each<[string, Built, Session, Answer, object]>([
    ['a public page', open, 'pending', loading, shows('built')],
    ['a public page', open, 'anonymous', loading, shows('built')],
    ['a public page', open, 'signed-in', loading, shows('built')],
    ['a locked page', locked, 'pending', loading, unknown(supporter)],
    ['a locked page', locked, 'anonymous', loading, signIn(supporter)],
    ['a locked page', locked, 'signed-in', loading, is('loading')],
    ['no page', absent, 'pending', loading, unknown()],
    ['no page', absent, 'anonymous', loading, is('loading')],
    ['no page', absent, 'signed-in', loading, is('loading')],
  ])('%s, %j, %s', (_page, built, session, answer, state) => {
    expect(paidBodyState({ built, session, answer })).toEqual(state)
  })
})

/** An anonymous reader would not get it either. */
const paywall = { kind: 'locked', reason: 'SIGN_IN_REQUIRED', plans: locked.requiredPlans }

describe.each<Session>(['anonymous', 'signed-in'])('%s, once the API has answered or failed to', (session) => {
  test.each<[string, Built, Answer, object]>([
    ['a failure keeps public text', open, failed, shows('built')],
    [
      'a failure of a locked article is shown to a signed-in reader',
      locked,
      failed,
      session === 'signed-in' ? failed : paywall,
    ],
    ['a failure without a built page is shown', absent, failed, failed],
    ['unpublished, even public text goes', open, missing, is('missing')],
    ['unpublished', locked, missing, is('missing')],
    ['never published', absent, missing, is('missing')],
    ['for members only, even public text goes', open, membersOnly, signIn()],
    ['for members only', locked, membersOnly, signIn(supporter)],
    ['for members only, new', absent, membersOnly, signIn()],
    ['open, with the present text', open, here(true, 'PUBLIC', 'live'), shows('live')],
    ['open, as the page has it', open, here(true, 'PUBLIC'), shows('built')],
    ['open, the text failed to load, but the page has it', open, here(true, 'PUBLIC', null), shows('built')],
    ['opened by a plan', locked, here(true, 'PLAN', 'live'), shows('live')],
    ['opened by a plan, with nothing after the preview', locked, here(true, 'PLAN', ''), shows('')],
    ['opened, and the text failed to load', locked, here(true, 'PLAN', null), lockedFor('UNAVAILABLE', patron)],
    ['opened, and the text was not requested', locked, here(true, 'PLAN'), lockedFor('UNAVAILABLE', patron)],
    ['opened, new', absent, here(true, 'SIGNED_IN', 'live'), shows('live')],
    ['locked', locked, here(false, 'PLAN_EXPIRED', null), lockedFor('PLAN_EXPIRED', patron)],
    ['locked, new', absent, here(false, 'PLAN_REQUIRED', null), lockedFor('PLAN_REQUIRED', patron)],
    ['locked since the build', open, here(false, 'PLAN_REQUIRED'), lockedFor('PLAN_REQUIRED', patron)],
    [
      'locked, even if text comes with it',
      locked,
      here(false, 'PLAN_REQUIRED', 'live'),
      lockedFor('PLAN_REQUIRED', patron),
    ],
    [
      'locked for a reason that the site does not know',
      locked,
      here(false, 'MOON' as AccessReason),
      lockedFor('MOON', patron),
    ],
    [
      'open for a reason that the site does not know',
      locked,
      here(true, 'MOON' as AccessReason, 'live'),
      shows('live'),
    ],
  ])('%s', (_case, built, answer, state) => {
    expect(paidBodyState({ built, session, answer })).toEqual(state)
  })
})
