import { randomUUID } from 'node:crypto'

// All paths by which a reader could reach an article: all root fields, all nestings, and invalid queries.

export interface Path {
  readonly name: string
  readonly query: string
  readonly variables?: Record<string, unknown>
}

/** The values that the paths use. */
export interface PathData {
  readonly slugs: readonly string[]
  readonly ids: readonly string[]
  readonly tag: string
  readonly author: string
  readonly series: string
  /** The id of a member with a plan. */
  readonly memberId: string
  /** Part of a body, to search for. */
  readonly bodyText: string
}

const plan = `fragment Plan on Plan {
  id slug name description monthly { amountMinor currency } yearly { amountMinor currency } includes { id slug name }
  benefits trialDays onSale
}`
const article = `fragment Article on Article {
  __typename id slug title excerpt preview visibility publishedAt readingMinutes lang direction
  author { id slug name } tags { id slug name } series { id slug name }
  access { granted reason until requiredPlans { ...Plan } } bookmarked
  body { __typename html rest }
}`
const page = `fragment Page on ArticleConnection {
  edges { cursor node { ...Article } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
}`
const fragments = `${plan} ${article} ${page}`

const explanation = `fragment Explanation on AccessExplanation {
  at summary visibility disabled plans { ...Plan } access { granted reason until requiredPlans { ...Plan } }
  holdings { plan { ...Plan } status source startedAt currentPeriodEnd graceEndsAt cancelAtPeriodEnd since cause opened }
}`
const membership = `fragment Given on Membership { plan { ...Plan } status source startedAt currentPeriodEnd cancelAtPeriodEnd opens opensUntil endedAt }`

const reads = ({ slugs, tag, author, series, memberId }: PathData): Path[] => [
  {
    name: 'list by tag',
    query: `query ($tag: String) { articles(first: 10, tag: $tag) { ...Page } } ${fragments}`,
    variables: { tag },
  },
  {
    name: 'list by author and series',
    query: `query ($author: String, $series: String) { articles(first: 10, author: $author, series: $series) { nodes { ...Article } } } ${plan} ${article}`,
    variables: { author, series },
  },
  { name: 'newest', query: `{ articles(first: 10) { ...Page } } ${fragments}` },
  { name: 'too many bodies', query: `{ articles(first: 30) { nodes { body { html rest } } } }` },
  { name: 'too expensive', query: `{ articles(first: 100) { nodes { body { html rest } } } }` },
  { name: 'bookmarks', query: `{ bookmarks(first: 10) { ...Page } } ${fragments}` },
  { name: 'plans', query: `{ plans { ...Plan includes { includes { ...Plan } } } } ${plan}` },
  {
    name: 'viewer',
    query: `fragment Held on Membership { plan { ...Plan } status source startedAt currentPeriodEnd cancelAtPeriodEnd opens opensUntil endedAt }
      { viewer { id subject name email picture permissions membership { ...Held } memberships { ...Held } } } ${plan}`,
  },
  {
    name: 'viewer changed',
    query: `subscription { viewerChanged { id subject memberships { plan { ...Plan } } } } ${plan}`,
  },
  {
    name: 'billing',
    query: `fragment Amount on Price { amountMinor currency }
      fragment Receipt on Invoice { id number createdAt description total { ...Amount } status url }
      { viewer {
        trialAvailable purchaseStep gifts { id code plan { ...Plan } interval boughtAt redeemedAt voided }
        billing {
          interval price { ...Amount } nextPayment { at amount { ...Amount } } change { plan { ...Plan } interval direction at }
          card { brand last4 expiryMonth expiryYear } openInvoice { ...Receipt } invoices { ...Receipt }
        }
      } } ${plan}`,
  },
  {
    name: 'change of plan',
    query: `{ planChange(plan: "none", interval: YEARLY) { plan { ...Plan } interval direction at trialEndsAt dueNow { amountMinor } } } ${plan}`,
  },
  { name: 'ping', query: '{ ping { greeting time calls callsByEveryone } }' },
  ...slugs.flatMap((slug): Path[] => [
    {
      name: `article ${slug}`,
      query: `query ($slug: String!) { article(slug: $slug) { ...Article } } ${article} ${plan}`,
      variables: { slug },
    },
    {
      name: `body of ${slug} alone, as something else`,
      query: `query ($slug: String!) { title: article(slug: $slug) { title: body { excerpt: html preview: rest } } }`,
      variables: { slug },
    },
    {
      name: `why ${slug} was open`,
      query: `query ($id: ID!, $slug: String!, $at: DateTime!) {
        whyAccess(memberId: $id, articleSlug: $slug, at: $at) { ...Explanation }
      } ${explanation} ${plan}`,
      variables: { id: memberId, slug, at: new Date(Date.now() - 60_000).toISOString() },
    },
  ]),
  {
    name: 'aliases',
    query: `{ ${slugs.map((slug, index) => `a${index}: article(slug: "${slug}") { body { rest } }`).join(' ')} }`,
  },
  {
    name: 'fragments and directives',
    query: `query ($slug: String!, $yes: Boolean = true) {
      ... on Query @include(if: $yes) { article(slug: $slug) { ... { ... on Article { body @skip(if: false) { ...Text } } } } }
    } fragment Text on ArticleBody { ... on ArticleBody { html } rest }`,
    variables: { slug: slugs[0] },
  },
  {
    name: 'introspection',
    query:
      '{ __schema { types { name description fields { name description } } } __type(name: "ArticleBody") { name } }',
  },
]

const writes = ({ ids }: PathData): Path[] => [
  ...[...ids, randomUUID()].flatMap((id) =>
    ['addBookmark', 'removeBookmark'].map((name) => ({
      name: `${name} ${id}`,
      query: `mutation ($id: ID!) { ${name}(articleId: $id) { ...Article } } ${article} ${plan}`,
      variables: { id },
    })),
  ),
  // To an unknown member, so that no membership changes.
  ...['grantMembership', 'revokeMembership'].map((name) => ({
    name,
    query: `mutation ($id: ID!, $plan: String!) {
      ${name}(member: $id, plan: $plan, reason: "a test") { ...Given }
    } ${membership} ${plan}`,
    variables: { id: randomUUID(), plan: 'none' },
  })),
  ...[
    'startCheckout(plan: "none", interval: MONTHLY, returnTo: "/") { url }',
    'startGiftCheckout(plan: "none", interval: MONTHLY, returnTo: "/") { url }',
    'openBillingPortal(returnTo: "/", task: UPDATE_CARD) { url }',
    'changePlan(plan: "none", interval: MONTHLY) { id subject }',
    'cancelMembership { id subject }',
    'keepMembership { id subject }',
    'redeemGift(code: "GIFT-00000-00000-00000-00000") { ...Given }',
  ].map((field) => ({
    name: field,
    query: `mutation { ${field} } ${field.includes('...Given') ? `${membership} ${plan}` : ''}`,
  })),
]

/** Queries that search for the text, or that fail. */
const misuses = ({ slugs, ids, bodyText }: PathData): Path[] => [
  ...(['tag', 'author', 'series', 'after'] as const).map((argument) => ({
    name: `${argument} by body text`,
    query: `query ($text: String) { articles(${argument}: $text) { ...Page } } ${fragments}`,
    variables: { text: argument === 'after' ? Buffer.from(bodyText).toString('base64url') : bodyText },
  })),
  {
    name: 'slug by body text',
    query: `query ($text: String!) { article(slug: $text) { body { html } } }`,
    variables: { text: bodyText },
  },
  {
    name: 'bookmark by body text',
    query: `mutation ($text: ID!) { addBookmark(articleId: $text) { body { html } } }`,
    variables: { text: bodyText },
  },
  { name: 'article by id', query: `{ article(slug: "${ids[0]}") { body { html } } }` },
  { name: 'no page', query: '{ articles(first: 0) { nodes { body { html } } } }' },
  { name: 'body of nothing', query: '{ article(slug: "") { body { html } } }' },
  { name: 'body without fields', query: `{ article(slug: "${slugs[1]}") { body } }` },
  { name: 'an unknown field', query: `{ article(slug: "${slugs[1]}") { text html rest content } }` },
  { name: 'an unknown filter', query: '{ articles(html: "It", orderBy: BODY) { nodes { id } } }' },
  { name: 'body of a body', query: `{ article(slug: "${slugs[1]}") { body { html { length } } } }` },
  { name: 'no query', query: 'body' },
]

export const everyPath = (pathData: PathData): Path[] => [...reads(pathData), ...writes(pathData), ...misuses(pathData)]
/** Only the queries that the schema accepts. */
export const validPaths = (pathData: PathData): Path[] => [...reads(pathData), ...writes(pathData)]
