import { expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'
import { makeArticle, makeMember, makeMembership, makePlan } from './support/factories.ts'

const { ask, db, issuer } = await startTestApp()

const query = `query Read($slug: String!) {
  article(slug: $slug) { title preview access { granted reason until requiredPlans { slug } } body { html rest } }
}`

test('anonymous readers read a public article', async () => {
  const { slug, html } = await makeArticle(db)
  const { status, data, errors } = await ask(query, { variables: { slug } })
  expect({ status, errors }).toEqual({ status: 200, errors: undefined })
  expect(data.article.body.html).toBe(html)
})

test('a holder reads what the plan opens', async () => {
  const plan = await makePlan(db, { monthly: 500 })
  const { slug, html } = await makeArticle(db, { visibility: 'PLANS', planIds: [plan.id] })
  const member = await makeMember(db, { issuer: issuer.url })
  await makeMembership(db, member.id, plan.id)
  const { data, errors } = await ask(query, { variables: { slug }, token: issuer.sign({ sub: member.subject }) })
  expect(errors).toBeUndefined()
  expect(data.article.body.html).toBe(html)
  expect(data.article.access.reason).toBe('PLAN')
})

test('a lock names its reason and its plans', async () => {
  const plan = await makePlan(db, { monthly: 500 })
  const { slug } = await makeArticle(db, { visibility: 'PLANS', planIds: [plan.id] })
  const { status, data, errors, text } = await ask(query, {
    variables: { slug },
    token: issuer.sign({ sub: 'auth0|nobody' }),
  })
  expect(status).toBe(200)
  expect(data.article.body).toBeNull()
  expect(data.article.title).toContain(slug)
  expect(errors).toEqual([
    {
      message: 'This article requires a plan that you do not have.',
      locations: expect.anything(),
      path: ['article', 'body'],
      extensions: {
        code: 'SUBSCRIPTION_REQUIRED',
        reason: 'PLAN_REQUIRED',
        requiredPlans: [{ slug: plan.slug, name: expect.any(String) }],
      },
    },
  ])
  expect(text).not.toContain('Secret of')
})
