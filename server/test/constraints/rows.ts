import { beforeAll } from '@jest/globals'
import { testDatabase } from '../support/database.ts'
import { makeArticle, makeMember, makeMembership, makeNamed, makePlan, unique } from '../support/factories.ts'

export const db = await testDatabase()
export const issuer = 'https://constraints.example.test/'

// The rows on which the tests violate the rules, created before the first test.
export let member: string
export let article: string
export let requirement: string
export let author: string
export let plan: string
export let other: string
export const event = `evt_${unique()}`

beforeAll(async () => {
  member = (await makeMember(db, { issuer })).id
  plan = (await makePlan(db, { monthly: 500 })).id
  other = (await makePlan(db, { includes: [plan] })).id
  article = (await makeArticle(db, { visibility: 'PLANS', planIds: [plan] })).id
  author = await makeNamed(db, 'author')
  requirement = (await db.articleRequirement.findFirstOrThrow({ where: { articleId: article } })).id
  await makeMembership(db, member, plan, { source: 'COMPLIMENTARY' })
  const at = new Date()
  await db.billingEvent.create({
    data: { id: event, type: 'customer.created', occurredAt: at, receivedAt: at, payload: {}, outcome: 'PENDING' },
  })
})
