// What the calls ask, each on its own.

export const selfReliance = `query SelfReliance {
  article(slug: "self-reliance") {
    title
    access { granted reason until requiredPlans { slug } }
    body { html }
  }
}`

export const page = `query Page($first: Int, $after: String) {
  articles(first: $first, after: $after) {
    edges { cursor node { slug title } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`
export const named =
  'query Named($slug: String!) { article(slug: $slug) { title visibility access { granted reason requiredPlans { slug } } body { rest } } }'
export const bookmarks = '{ bookmarks(first: 10) { nodes { slug title } pageInfo { hasNextPage endCursor } } }'
export const ping = '{ ping { greeting time calls callsByEveryone } }'
export const viewer =
  '{ viewer { id subject name email permissions membership { plan { name } status currentPeriodEnd } } }'
export const addBookmark = 'mutation Add($id: ID!) { addBookmark(articleId: $id) { slug bookmarked } }'
export const removeBookmark = 'mutation Remove($id: ID!) { removeBookmark(articleId: $id) { slug bookmarked } }'
export const nobodysId = '00000000-0000-7000-8000-000000000000'
