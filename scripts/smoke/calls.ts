import { flaws } from '../local/identity/mint-token.ts'
import { absent, ask, endingWith, holding, http, items, present, type Call } from './call.ts'

// Every operation of the API, with and without token. `npm run smoke` makes these calls; requests.http shows the same ones to
// people, and requests-http.test.ts compares the two.

const selfReliance = `query SelfReliance {
  article(slug: "self-reliance") {
    title
    access { granted reason until requiredPlans { slug } }
    body { html }
  }
}`
const lastSentence = 'Nothing can bring you peace but the triumph of principles.'
const bothPlans = [{ slug: 'supporter' }, { slug: 'patron' }]

/** "Self-Reliance", which needs any plan, as somebody who may read it. */
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

/** The same as somebody who may not. */
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
    { needs: who === null ? ['demo', 'open teasers'] : ['demo'] },
  )

/** What is refused to nobody: null, and the error at its place. */
const needsMember = (field: string, query: string, variables?: Record<string, unknown>): Call =>
  ask(
    `${field} as nobody`,
    null,
    query,
    { [`data.${field}`]: null, 'errors.0.path': [field], 'errors.0.extensions.code': 'UNAUTHENTICATED' },
    variables ? { variables } : {},
  )

const refusedToken = (flaw: (typeof flaws)[number]): Call =>
  ask(
    `A token that is ${flaw}`,
    { flawed: flaw },
    '{ plans { slug } }',
    {
      data: absent,
      'errors.0.message': 'The access token was not accepted. Sign in again.',
      'errors.0.extensions.code': 'UNAUTHENTICATED',
      'errors.0.extensions.requestId': present,
      'headers.www-authenticate': 'Bearer error="invalid_token"',
    },
    { status: 401 },
  )

const page = `query Page($first: Int, $after: String) {
  articles(first: $first, after: $after) {
    edges { cursor node { slug title } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`
const named = 'query Named($slug: String!) { article(slug: $slug) { title visibility access { granted reason requiredPlans { slug } } body { rest } } }'
const bookmarks = '{ bookmarks(first: 10) { nodes { slug title } pageInfo { hasNextPage endCursor } } }'
const ping = '{ ping { greeting time calls callsByEveryone } }'
const viewer = '{ viewer { id subject name email permissions membership { plan { name } status currentPeriodEnd } } }'
const addBookmark = 'mutation Add($id: ID!) { addBookmark(articleId: $id) { slug } }'
const removeBookmark = 'mutation Remove($id: ID!) { removeBookmark(articleId: $id) { slug } }'
const nobodysId = '00000000-0000-7000-8000-000000000000'
const demo = ['demo'] as const
const openDemo = ['demo', 'open teasers'] as const

const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' }

/** In the order in which they are made: some use what an earlier answer held. */
export const calls: readonly Call[] = [
  http('Alive', 'GET', '/health/live', { finds: { status: 'ok' } }),
  http('Ready', 'GET', '/health/ready', {
    finds: { status: 'ok', 'checks.database': true, 'checks.auth': true, 'checks.serving': true },
  }),
  http('Preflight from the site', 'OPTIONS', '/graphql', {
    headers: { origin: '{{site}}', ...preflight },
    status: 204,
    finds: { 'headers.access-control-allow-origin': present, 'headers.access-control-allow-credentials': absent },
  }),
  http('Preflight from elsewhere', 'OPTIONS', '/graphql', {
    headers: { origin: 'https://elsewhere.example', ...preflight },
    status: 204,
    finds: { 'headers.access-control-allow-origin': absent },
  }),

  ask('The first page', null, page, { 'data.articles.edges': items(3), 'data.articles.pageInfo.hasNextPage': true, 'data.articles.pageInfo.hasPreviousPage': false }, {
    needs: openDemo,
    variables: { first: 3 },
    remembers: { cursor: 'data.articles.pageInfo.endCursor' },
  }),
  ask('The page after it', null, page, { 'data.articles.edges': items(3), 'data.articles.pageInfo.hasPreviousPage': true }, {
    needs: openDemo,
    variables: { first: 3, after: '{{cursor}}' },
  }),
  ask('A page by tag, author and series', null,
    `query Filtered($tag: String, $author: String, $series: String) {
      articles(first: 2, tag: $tag, author: $author, series: $series) {
        nodes { slug author { slug } tags { slug } series { slug } }
      }
    }`,
    { 'data.articles.nodes': items(2), 'data.articles.nodes.0.author.slug': 'ralph-waldo-emerson', 'data.articles.nodes.0.series.slug': 'essays' },
    { needs: openDemo, variables: { tag: 'essays', author: 'ralph-waldo-emerson', series: 'essays' } },
  ),
  ask('A page that is too large', null, page, { 'data.articles': null, 'errors.0.extensions.code': 'BAD_USER_INPUT' }, {
    needs: ['open teasers'],
    variables: { first: 101 },
  }),
  ask('A cursor of another list', null,
    'query Other($after: String) { articles(first: 3, tag: "essays", after: $after) { nodes { slug } } }',
    { 'data.articles': null, 'errors.0.extensions.code': 'BAD_USER_INPUT' },
    { needs: openDemo, variables: { after: '{{cursor}}' } },
  ),
  ask('Everything public about an article', null,
    `{ article(slug: "self-reliance") {
      id slug title excerpt preview visibility publishedAt readingMinutes
      author { id slug name } tags { id slug name } series { id slug name }
      access { granted reason until requiredPlans { slug name monthly { amountMinor currency } } }
    } }`,
    { errors: absent, 'data.article.visibility': 'PAID', 'data.article.preview': holding('<p>'), 'data.article.access.reason': 'SIGN_IN_REQUIRED' },
    { needs: openDemo, remembers: { article: 'data.article.id' } },
  ),
  ask('A public article, whole', null, named, { errors: absent, 'data.article.access.reason': 'PUBLIC', 'data.article.body.rest': holding('<p>') }, {
    needs: openDemo,
    variables: { slug: 'circles' },
  }),
  ask('A draft is not there', null, named, { errors: absent, 'data.article': null }, {
    needs: openDemo,
    variables: { slug: 'the-boscombe-valley-mystery' },
  }),
  ask('Nor is what never was', null, named, { errors: absent, 'data.article': null }, {
    needs: ['open teasers'],
    variables: { slug: 'no-such-article' },
  }),
  ask('The plans', null,
    '{ plans { id slug name description includes { slug } monthly { amountMinor currency } yearly { amountMinor currency } } }',
    { errors: absent, 'data.plans.0.slug': 'supporter', 'data.plans.1.includes': [{ slug: 'supporter' }] },
    { needs: demo },
  ),
  ask('viewer as nobody', null, viewer, { errors: absent, 'data.viewer': null }),
  needsMember('bookmarks', bookmarks),
  needsMember('ping', ping),
  needsMember('addBookmark', addBookmark, { id: nobodysId }),
  needsMember('removeBookmark', removeBookmark, { id: nobodysId }),

  locked(null, 'SIGN_IN_REQUIRED', 'UNAUTHENTICATED'),
  locked('reader', 'PLAN_REQUIRED'),
  opened('subscriber', 'PLAN'),
  opened('patron', 'PLAN'),
  locked('lapsed', 'PLAN_EXPIRED'),
  locked('pastdue', 'PAYMENT_PAST_DUE'),
  locked('disabled', 'ACCOUNT_DISABLED', 'ACCOUNT_DISABLED'),
  opened('editor', 'STAFF'),
  locked('program', 'PLAN_REQUIRED'),

  ask('An article for members', 'reader', named, { errors: absent, 'data.article.access.reason': 'SIGNED_IN' }, {
    needs: demo,
    variables: { slug: 'compensation' },
  }),
  ask('An article for patrons as a Supporter', 'subscriber', named,
    { 'data.article.access.reason': 'PLAN_REQUIRED', 'data.article.access.requiredPlans': [{ slug: 'patron' }], 'data.article.body': null },
    { needs: demo, variables: { slug: 'gifts' } },
  ),
  ask('A list with bodies, some of them locked', 'reader',
    '{ articles(first: 5, tag: "essays") { nodes { slug access { granted reason } body { rest } } } }',
    { 'data.articles.nodes': items(5), errors: present },
    { needs: demo },
  ),

  ask('viewer as subscriber', 'subscriber', viewer,
    { errors: absent, 'data.viewer.subject': 'auth0|subscriber', 'data.viewer.name': 'Sam Subscriber', 'data.viewer.membership.plan.name': 'Supporter' },
    { needs: demo },
  ),
  ask('All memberships of somebody lapsed', 'lapsed',
    '{ viewer { picture memberships { plan { slug } status source startedAt currentPeriodEnd cancelAtPeriodEnd } } }',
    { errors: absent, 'data.viewer.memberships.0.status': 'ENDED' },
    { needs: demo },
  ),
  ask('viewer as disabled', 'disabled', viewer, { 'data.viewer': null, 'errors.0.extensions.code': 'ACCOUNT_DISABLED' }, { needs: demo }),
  ask('viewer as editor', 'editor', viewer, { 'data.viewer.permissions': ['manage:plans', 'read:members', 'write:articles'] }),
  ask('viewer as program', 'program', viewer, { errors: absent, 'data.viewer.email': null, 'data.viewer.permissions': [] }),
  ask('ping as reader', 'reader', ping, { errors: absent, 'data.ping.greeting': 'Hello, Robin Reader!', 'data.ping.calls': present }, { needs: demo }),
  ask('addBookmark as reader', 'reader', addBookmark, { errors: absent, 'data.addBookmark.slug': 'self-reliance' }, {
    needs: openDemo,
    variables: { id: '{{article}}' },
  }),
  ask('bookmarks as reader', 'reader', bookmarks, { errors: absent, 'data.bookmarks.nodes.0.slug': present }, { needs: openDemo }),
  ask('removeBookmark as reader', 'reader', removeBookmark, { errors: absent, 'data.removeBookmark.slug': 'self-reliance' }, {
    needs: openDemo,
    variables: { id: '{{article}}' },
  }),
  ask('addBookmark of what is not there', 'reader', addBookmark, { 'data.addBookmark': null, 'errors.0.extensions.code': 'NOT_FOUND' }, {
    variables: { id: nobodysId },
  }),

  ...flaws.map(refusedToken),
  ask('A field that is not there', null, '{ plans { price } }', { data: absent, 'errors.0.extensions.code': 'GRAPHQL_VALIDATION_FAILED' }, { status: 400 }),
  http('A query by GET', 'GET', '/graphql?query=%7B%20plans%20%7B%20slug%20%7D%20%7D', {
    headers: { 'apollo-require-preflight': 'true' },
    finds: { errors: absent, 'data.plans': present, 'headers.cache-control': 'private, no-store' },
  }),
  http('A query by GET without the header against forged requests', 'GET', '/graphql?query=%7B%20plans%20%7B%20slug%20%7D%20%7D', {
    status: 400,
    finds: { 'errors.0.extensions.code': 'BAD_REQUEST' },
  }),
  ask('The schema', null, '{ __schema { queryType { name } mutationType { name } } }', { 'data.__schema.queryType.name': 'Query' }, { needs: ['development'] }),
  ask('The schema, in production', null, '{ __schema { queryType { name } } }', { data: absent, 'errors.0.extensions.code': 'GRAPHQL_VALIDATION_FAILED' }, {
    needs: ['production'],
    status: 400,
  }),
]
