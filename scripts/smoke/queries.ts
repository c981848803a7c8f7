// The queries of the calls.

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

export const whyAccess = `query Why($member: ID!, $at: DateTime!) {
  whyAccess(memberId: $member, articleSlug: "self-reliance", at: $at) {
    at summary access { granted reason } visibility disabled
    holdings { plan { slug } status source cause opened }
  }
}`
export const grantMembership = `mutation Grant($member: ID!) {
  grantMembership(member: $member, plan: "patron", until: "2100-01-01T00:00:00Z", reason: "a friend of the house") { plan { slug } source currentPeriodEnd }
}`
export const revokeMembership = `mutation Revoke($member: ID!) {
  revokeMembership(member: $member, plan: "patron", reason: "a mistake") { plan { slug } status }
}`
export const startCheckout = `mutation Buy($returnTo: String!) {
  startCheckout(plan: "patron", interval: MONTHLY, returnTo: $returnTo) { url }
}`
export const startGiftCheckout = `mutation Give($returnTo: String!) {
  startGiftCheckout(plan: "supporter", interval: YEARLY, returnTo: $returnTo) { url }
}`
export const openBillingPortal =
  'mutation Portal($returnTo: String!) { openBillingPortal(returnTo: $returnTo, task: UPDATE_CARD) { url } }'
export const planChange =
  '{ planChange(plan: "patron", interval: MONTHLY) { plan { slug } interval direction at trialEndsAt dueNow { amountMinor currency } } }'
const paid = '{ billing { interval change { plan { slug } at } } membership { plan { slug } cancelAtPeriodEnd } }'
export const changePlan = `mutation Change { changePlan(plan: "patron", interval: YEARLY) ${paid} }`
export const cancelMembership = `mutation Cancel { cancelMembership ${paid} }`
export const keepMembership = `mutation Keep { keepMembership ${paid} }`
export const redeemGift =
  'mutation Redeem($code: String!) { redeemGift(code: $code) { plan { slug } currentPeriodEnd } }'
