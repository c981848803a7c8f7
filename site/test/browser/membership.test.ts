import { expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { paidPassages, six } from './support/articles.ts'
import { newPage, openBrowser, openPage, signInAs } from './support/browser.ts'
import { fillInCard, holdNews, passDays, payByCard, pressPay, soldTo, tellNews } from './support/payments.ts'
import { stack } from './support/stack.ts'

// From reader to member and back. Moves the clock of the product that all these tests share: it is begun last (sequencer.mjs).

const browser = await openBrowser()
const article = `/articles/${six.supporter}/`
const [passage = 'no passage'] = paidPassages(six.supporter)
const opened = (page: Page) => page.getByText(passage).waitFor()

/** From a locked article to the payment provider. */
async function choosePlan(page: Page, plan: string): Promise<void> {
  await page.getByRole('main').getByRole('link', { name: 'Choose a plan' }).click()
  await page.getByRole('button', { name: `Choose ${plan}` }).click()
}

/** The API, asked with the token that a page last showed it. */
function asks(page: Page): (query: string) => Promise<any> {
  let authorization = ''
  page.on('request', (request) => {
    if (request.url().startsWith(stack.api)) authorization = request.headers().authorization ?? authorization
  })
  return async (query) => {
    const headers = { 'content-type': 'application/json', authorization }
    const answer = await fetch(stack.api, { method: 'POST', headers, body: JSON.stringify({ query }) })
    const { data } = (await answer.json()) as { data: unknown }
    return data
  }
}

/** To see that a page is still the one that it was. */
const mark = (page: Page) => page.evaluate(() => Object.assign(window, { marked: true }))
const isMarked = (page: Page) => page.evaluate(() => 'marked' in window)

test('a reader finds an article, pays, reads at once, cancels, and reads to the last paid moment', async () => {
  const { page, context, complaints } = await openPage(browser)
  const ask = asks(page)
  await page.goto(article)
  await page.getByRole('heading', { name: 'The rest is for subscribers' }).waitFor()
  await signInAs(page, 'story')
  await page.getByRole('heading', { name: 'This article is for subscribers' }).waitFor()
  expect(await page.content()).not.toContain(passage)

  // Another open page of the same reader, which nobody touches.
  const { page: beside } = await newPage(context)
  await beside.goto(article)
  await beside.getByRole('heading', { name: 'This article is for subscribers' }).waitFor()
  await mark(beside)

  await choosePlan(page, 'Supporter')
  await payByCard(page)
  await opened(page)
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(article)
  // Where the text goes on, with some of what was read before above it.
  expect(await page.evaluate(() => window.scrollY)).toBeGreaterThan(0)
  const goesOn = await page.locator('#rest').evaluate((rest) => rest.getBoundingClientRect().top / window.innerHeight)
  expect(goesOn).toBeGreaterThan(0)
  expect(goesOn).toBeLessThan(0.5)
  // The line at the top counts what has opened: most of it is still to be read.
  await page.waitForFunction(() => {
    const line = document.querySelector('[class*="ProgressLine"]')
    return line !== null && line.getBoundingClientRect().width < window.innerWidth / 2
  })
  await opened(beside)
  expect(await isMarked(beside)).toBe(true)

  await page.getByRole('banner').locator('summary').click()
  await page.getByRole('banner').getByRole('link', { name: 'Account' }).click()
  await page.getByRole('button', { name: 'Cancel Supporter' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel plan' }).click()
  await page.getByRole('button', { name: 'Keep Supporter' }).waitFor()
  await page.goto(article)
  await opened(page)

  await mark(page)
  await passDays(27)
  await opened(page)
  await passDays(5)
  for (const one of [page, beside]) {
    await one.getByRole('heading', { name: 'Your plan has ended' }).waitFor()
    expect(await one.content()).not.toContain(passage)
    expect(await isMarked(one)).toBe(true)
  }
  expect(await soldTo((await ask('{ viewer { id } }')).viewer.id)).toEqual({ subscriptions: ['canceled'], paid: [500] })
  expect(complaints).toEqual([])
  await context.close()
})

test('when the server has taken the news in, no query sees the old state, and open pages open by themselves', async () => {
  const { page, context } = await openPage(browser)
  const ask = asks(page)
  await page.goto(article)
  await signInAs(page, 'at-once')
  await page.getByRole('heading', { name: 'This article is for subscribers' }).waitFor()
  const { page: buying } = await newPage(context)
  await buying.goto(article)
  await buying.getByRole('heading', { name: 'This article is for subscribers' }).waitFor()
  const isOpen = async (): Promise<boolean> =>
    (await ask(`{ article(slug: "${six.supporter}") { body { html } } }`)).article.body !== null

  await holdNews()
  await choosePlan(buying, 'Supporter')
  await payByCard(buying)
  await buying.getByText('Payment received').waitFor()
  expect(await isOpen()).toBe(false)
  await tellNews()
  expect(await Promise.all(Array.from({ length: 40 }, isOpen))).toEqual(Array.from({ length: 40 }, () => true))
  await Promise.all([opened(page), opened(buying)])
  await context.close()
})

test('two windows that buy at once pay once', async () => {
  const { page: first, context } = await openPage(browser)
  const ask = asks(first)
  await first.goto(article)
  await signInAs(first, 'two-windows')
  const { page: second } = await newPage(context)
  await second.goto(article)
  await Promise.all([choosePlan(first, 'Supporter'), choosePlan(second, 'Supporter')])
  await Promise.all([fillInCard(first), fillInCard(second)])
  expect(first.url()).toBe(second.url())
  await Promise.all([pressPay(first), pressPay(second)])
  // One is back at once, the other is told why it cannot pay and goes back by hand.
  const late = first.url().startsWith(stack.site) ? second : first
  await late.getByText('it cannot be paid twice').waitFor()
  await late.getByRole('link').click()
  for (const page of [first, second]) await opened(page)
  expect(await soldTo((await ask('{ viewer { id } }')).viewer.id)).toEqual({ subscriptions: ['active'], paid: [500] })
  await context.close()
})
