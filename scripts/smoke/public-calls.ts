import { absent, ask, holding, http, items, type Call } from './call.ts'
import {
  addBookmark,
  bookmarks,
  cancelMembership,
  changePlan,
  grantMembership,
  keepMembership,
  named,
  nobodysId,
  openBillingPortal,
  page,
  ping,
  planChange,
  redeemGift,
  removeBookmark,
  revokeMembership,
  startCheckout,
  startGiftCheckout,
  viewer,
  whyAccess,
} from './queries.ts'

/** Creates an anonymous call of a field that requires a member: null with an error at its path. */
const needsMember = (field: string, query: string, variables?: Record<string, unknown>): Call =>
  ask(
    `${field} as nobody`,
    null,
    query,
    { [`data.${field}`]: null, 'errors.0.path': [field], 'errors.0.extensions.code': 'UNAUTHENTICATED' },
    variables ? { variables } : {},
  )

const demo = ['demo'] as const
const openDemo = ['demo', 'open teasers'] as const

const preflight = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,content-type',
}

/** Health checks and CORS. */
export const healthCalls: readonly Call[] = [
  http('Alive', 'GET', '/health/live', { finds: { status: 'ok' } }),
  http('Ready', 'GET', '/health/ready', {
    finds: { status: 'ok', 'checks.database': true, 'checks.auth': true, 'checks.serving': true },
  }),
  http('Preflight from the site', 'OPTIONS', '/graphql', {
    headers: { origin: '{{site}}', ...preflight },
    status: 204,
    finds: { 'headers.access-control-allow-origin': '{{site}}', 'headers.access-control-allow-credentials': absent },
  }),
  http('Preflight from elsewhere', 'OPTIONS', '/graphql', {
    headers: { origin: 'https://elsewhere.example', ...preflight },
    status: 204,
    finds: { 'headers.access-control-allow-origin': absent },
  }),
]

/** Public fields, and refusals without a token. */
export const publicCalls: readonly Call[] = [
  ask(
    'The first page',
    null,
    page,
    {
      'data.articles.edges': items(3),
      'data.articles.pageInfo.hasNextPage': true,
      'data.articles.pageInfo.hasPreviousPage': false,
    },
    {
      needs: openDemo,
      variables: { first: 3 },
      remembers: { cursor: 'data.articles.pageInfo.endCursor' },
    },
  ),
  ask(
    'The page after it',
    null,
    page,
    { 'data.articles.edges': items(3), 'data.articles.pageInfo.hasPreviousPage': true },
    {
      needs: openDemo,
      variables: { first: 3, after: '{{cursor}}' },
    },
  ),
  ask(
    'A page by tag, author and series',
    null,
    `query Filtered($tag: String, $author: String, $series: String) {
      articles(first: 2, tag: $tag, author: $author, series: $series) {
        nodes { slug author { slug } tags { slug } series { slug } }
      }
    }`,
    {
      'data.articles.nodes': items(2),
      'data.articles.nodes.0.author.slug': 'ralph-waldo-emerson',
      'data.articles.nodes.0.series.slug': 'essays',
    },
    { needs: openDemo, variables: { tag: 'essays', author: 'ralph-waldo-emerson', series: 'essays' } },
  ),
  ask(
    'A page that is too large',
    null,
    page,
    { 'data.articles': null, 'errors.0.extensions.code': 'BAD_USER_INPUT' },
    {
      needs: ['open teasers'],
      status: 400,
      variables: { first: 101 },
    },
  ),
  ask(
    'A cursor of another list',
    null,
    'query Other($after: String) { articles(first: 3, tag: "essays", after: $after) { nodes { slug } } }',
    { 'data.articles': null, 'errors.0.extensions.code': 'BAD_USER_INPUT' },
    { needs: openDemo, status: 400, variables: { after: '{{cursor}}' } },
  ),
  ask(
    'Everything public about an article',
    null,
    `{ article(slug: "self-reliance") {
      id slug title excerpt preview visibility publishedAt readingMinutes
      author { id slug name } tags { id slug name } series { id slug name }
      access { granted reason until requiredPlans { slug name monthly { amountMinor currency } } } bookmarked
    } }`,
    {
      errors: absent,
      'data.article.visibility': 'PAID',
      'data.article.preview': holding('<p>'),
      'data.article.access.reason': 'SIGN_IN_REQUIRED',
      'data.article.bookmarked': null,
    },
    { needs: openDemo, remembers: { article: 'data.article.id' } },
  ),
  ask(
    'A public article, whole',
    null,
    named,
    { errors: absent, 'data.article.access.reason': 'PUBLIC', 'data.article.body.rest': holding('<p>') },
    {
      needs: openDemo,
      variables: { slug: 'circles' },
    },
  ),
  ask(
    'A draft is null',
    null,
    named,
    { errors: absent, 'data.article': null },
    {
      needs: openDemo,
      variables: { slug: 'the-boscombe-valley-mystery' },
    },
  ),
  ask(
    'An unknown article is null',
    null,
    named,
    { errors: absent, 'data.article': null },
    {
      needs: ['open teasers'],
      variables: { slug: 'no-such-article' },
    },
  ),
  ask(
    'The plans',
    null,
    '{ plans { id slug name description includes { slug } monthly { amountMinor currency } yearly { amountMinor currency } } }',
    { errors: absent, 'data.plans.0.slug': 'supporter', 'data.plans.1.includes': [{ slug: 'supporter' }] },
    { needs: demo },
  ),
  ask('viewer as nobody', null, viewer, { errors: absent, 'data.viewer': null }),
  needsMember('bookmarks', bookmarks),
  needsMember('ping', ping),
  needsMember('addBookmark', addBookmark, { id: nobodysId }),
  needsMember('removeBookmark', removeBookmark, { id: nobodysId }),
  needsMember('whyAccess', whyAccess, { member: nobodysId, at: '2026-11-01T00:00:00Z' }),
  needsMember('grantMembership', grantMembership, { member: nobodysId }),
  needsMember('revokeMembership', revokeMembership, { member: nobodysId }),
  needsMember('planChange', planChange),
  needsMember('startCheckout', startCheckout, { returnTo: '/account/' }),
  needsMember('startGiftCheckout', startGiftCheckout, { returnTo: '/account/' }),
  needsMember('openBillingPortal', openBillingPortal, { returnTo: '/account/' }),
  needsMember('changePlan', changePlan),
  needsMember('cancelMembership', cancelMembership),
  needsMember('keepMembership', keepMembership),
  needsMember('redeemGift', redeemGift, { code: 'GIFT-00000-00000-00000-00000' }),
]
