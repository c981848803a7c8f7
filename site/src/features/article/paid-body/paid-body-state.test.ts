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

const waiting: Answer = { kind: 'loading' }
const away: Answer = { kind: 'failed', cause: 'api' }
const gone: Answer = { kind: 'missing' }
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
    ['a public page', open, 'pending', waiting, shows('built')],
    ['a public page', open, 'anonymous', waiting, shows('built')],
    ['a public page', open, 'signed-in', waiting, shows('built')],
    ['a locked page', locked, 'pending', waiting, unknown(supporter)],
    ['a locked page', locked, 'anonymous', waiting, signIn(supporter)],
    ['a locked page', locked, 'signed-in', waiting, is('loading')],
    ['no page', absent, 'pending', waiting, unknown()],
    ['no page', absent, 'anonymous', waiting, is('loading')],
    ['no page', absent, 'signed-in', waiting, is('loading')],
  ])('%s, %j, %s', (_page, built, session, answer, state) => {
    expect(paidBodyState({ built, session, answer })).toEqual(state)
  })
})

/** An anonymous reader would not get it either. */
const asked = { kind: 'locked', reason: 'SIGN_IN_REQUIRED', plans: locked.requiredPlans }

describe.each<Session>(['anonymous', 'signed-in'])('%s, once the API has answered or failed to', (session) => {
  test.each<[string, Built, Answer, object]>([
    ['away keeps a public text', open, away, shows('built')],
    ['away is said of a locked one, to whoever might get it', locked, away, session === 'signed-in' ? away : asked],
    ['away is said of a new one', absent, away, away],
    ['taken back, even a public text goes', open, gone, is('missing')],
    ['taken back', locked, gone, is('missing')],
    ['never there', absent, gone, is('missing')],
    ['for members only, even a public text goes', open, membersOnly, signIn()],
    ['for members only', locked, membersOnly, signIn(supporter)],
    ['for members only, new', absent, membersOnly, signIn()],
    ['open, with the present text', open, here(true, 'PUBLIC', 'live'), shows('live')],
    ['open, as the page has it', open, here(true, 'PUBLIC'), shows('built')],
    ['open, the text could not be had, but the page has it', open, here(true, 'PUBLIC', null), shows('built')],
    ['opened by a plan', locked, here(true, 'PLAN', 'live'), shows('live')],
    ['opened by a plan, with nothing after the preview', locked, here(true, 'PLAN', ''), shows('')],
    ['opened, and the text could not be had', locked, here(true, 'PLAN', null), lockedFor('UNAVAILABLE', patron)],
    ['opened, and nobody asked for the text', locked, here(true, 'PLAN'), lockedFor('UNAVAILABLE', patron)],
    ['opened, new', absent, here(true, 'SIGNED_IN', 'live'), shows('live')],
    ['locked', locked, here(false, 'PLAN_EXPIRED', null), lockedFor('PLAN_EXPIRED', patron)],
    ['locked, new', absent, here(false, 'PLAN_REQUIRED', null), lockedFor('PLAN_REQUIRED', patron)],
    ['locked since the build', open, here(false, 'PLAN_REQUIRED'), lockedFor('PLAN_REQUIRED', patron)],
    [
      'locked, whatever comes with it',
      locked,
      here(false, 'PLAN_REQUIRED', 'live'),
      lockedFor('PLAN_REQUIRED', patron),
    ],
    ['locked for a reason to come', locked, here(false, 'MOON' as AccessReason), lockedFor('MOON', patron)],
    ['open for a reason to come', locked, here(true, 'MOON' as AccessReason, 'live'), shows('live')],
  ])('%s', (_case, built, answer, state) => {
    expect(paidBodyState({ built, session, answer })).toEqual(state)
  })
})
