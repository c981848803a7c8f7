import { absent, ask, endingWith, items, present, type Call } from './call.ts'
import { addBookmark, bookmarks, named, nobodysId, ping, removeBookmark, selfReliance, viewer } from './queries.ts'

const lastSentence = 'Nothing can bring you peace but the triumph of principles.'
const bothPlans = [{ slug: 'supporter' }, { slug: 'patron' }]

/** Creates a call that reads "Self-Reliance", which requires any plan, with access. */
const opened = (who: string, reason: string): Call =>
  ask(
    `Self-Reliance as ${who}`,
    who,
    selfReliance,
    {
      errors: absent,
      'data.article.access.granted': true,
      'data.article.access.reason': reason,
      'data.article.access.requiredPlans': bothPlans,
      'data.article.body.html': endingWith(lastSentence),
    },
    { needs: ['demo'] },
  )

/** Creates a call that reads it without access. */
const locked = (who: string | null, reason: string, code = 'SUBSCRIPTION_REQUIRED'): Call =>
  ask(
    `Self-Reliance as ${who ?? 'nobody'}`,
    who,
    selfReliance,
    {
      'data.article.title': 'Self-Reliance',
      'data.article.access.granted': false,
      'data.article.access.reason': reason,
      'data.article.access.requiredPlans': bothPlans,
      'data.article.body': null,
      errors: items(1),
      'errors.0.path': ['article', 'body'],
      'errors.0.extensions.code': code,
      'errors.0.extensions.reason': reason,
    },
    { needs: who === null || who === 'disabled' ? ['demo', 'open teasers'] : ['demo'] },
  )

const demo = ['demo'] as const
const openDemo = ['demo', 'open teasers'] as const

/** A paid article, read by every kind of reader. */
export const paidArticleCalls: readonly Call[] = [
  locked(null, 'SIGN_IN_REQUIRED', 'UNAUTHENTICATED'),
  locked('reader', 'PLAN_REQUIRED'),
  opened('subscriber', 'PLAN'),
  opened('patron', 'PLAN'),
  locked('lapsed', 'PLAN_EXPIRED'),
  locked('pastdue', 'PAYMENT_PAST_DUE'),
  locked('disabled', 'ACCOUNT_DISABLED', 'ACCOUNT_DISABLED'),
  opened('editor', 'STAFF'),
]

/** Calls with a token. */
export const memberCalls: readonly Call[] = [
  ask(
    'An article for members',
    'reader',
    named,
    { errors: absent, 'data.article.access.reason': 'SIGNED_IN' },
    {
      needs: demo,
      variables: { slug: 'compensation' },
    },
  ),
  ask(
    'An article for members as program',
    'program',
    named,
    { errors: absent, 'data.article.access.reason': 'SIGNED_IN' },
    {
      needs: demo,
      variables: { slug: 'compensation' },
    },
  ),
  ask(
    'An article for patrons as a Supporter',
    'subscriber',
    named,
    {
      'data.article.access.reason': 'PLAN_REQUIRED',
      'data.article.access.requiredPlans': [{ slug: 'patron' }],
      'data.article.body': null,
    },
    { needs: demo, variables: { slug: 'gifts' } },
  ),
  ask(
    'A list with bodies, some of them locked',
    'reader',
    '{ articles(first: 5, tag: "essays") { nodes { slug access { granted reason } body { rest } } } }',
    { 'data.articles.nodes': items(5), errors: present },
    { needs: demo },
  ),

  ask(
    'viewer as subscriber',
    'subscriber',
    viewer,
    {
      errors: absent,
      'data.viewer.subject': 'auth0|subscriber',
      'data.viewer.name': 'Sam Subscriber',
      'data.viewer.membership.plan.name': 'Supporter',
    },
    { needs: demo, remembers: { member: 'data.viewer.id' } },
  ),
  ask(
    'All memberships of lapsed',
    'lapsed',
    '{ viewer { picture memberships { plan { slug } status source startedAt currentPeriodEnd cancelAtPeriodEnd } } }',
    { errors: absent, 'data.viewer.memberships.0.status': 'ENDED' },
    { needs: demo },
  ),
  ask(
    'viewer as disabled',
    'disabled',
    viewer,
    { 'data.viewer': null, 'errors.0.extensions.code': 'ACCOUNT_DISABLED' },
    { needs: demo },
  ),
  ask('viewer as editor', 'editor', viewer, {
    'data.viewer.permissions': ['manage:plans', 'read:members', 'write:articles'],
  }),
  ask('viewer as program', 'program', viewer, {
    errors: absent,
    'data.viewer.email': null,
    'data.viewer.permissions': [],
  }),
  ask(
    'ping as reader',
    'reader',
    ping,
    { errors: absent, 'data.ping.greeting': 'Hello, Robin Reader!', 'data.ping.calls': present },
    { needs: demo, remembers: { now: 'data.ping.time' } },
  ),
  // As a separate member, so that no other bookmarks change.
  ask(
    'addBookmark as newcomer',
    'newcomer',
    addBookmark,
    { errors: absent, 'data.addBookmark.slug': 'self-reliance', 'data.addBookmark.bookmarked': true },
    {
      needs: openDemo,
      variables: { id: '{{article}}' },
    },
  ),
  ask(
    'bookmarks as newcomer',
    'newcomer',
    bookmarks,
    { errors: absent, 'data.bookmarks.nodes': items(1), 'data.bookmarks.nodes.0.slug': 'self-reliance' },
    { needs: openDemo },
  ),
  ask(
    'removeBookmark as newcomer',
    'newcomer',
    removeBookmark,
    { errors: absent, 'data.removeBookmark.slug': 'self-reliance', 'data.removeBookmark.bookmarked': false },
    {
      needs: openDemo,
      variables: { id: '{{article}}' },
    },
  ),
  ask('bookmarks after that', 'newcomer', bookmarks, { errors: absent, 'data.bookmarks.nodes': [] }),
  ask(
    'addBookmark of an unknown article',
    'newcomer',
    addBookmark,
    { 'data.addBookmark': null, 'errors.0.extensions.code': 'NOT_FOUND' },
    {
      variables: { id: nobodysId },
    },
  ),
]
