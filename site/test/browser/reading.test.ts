import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { prepareArticle, publishArticle } from '../../../server/src/content/publishing/index.ts'
import { connectDatabase } from '../../../server/src/db/index.ts'
import { paidPassages, six } from './support/articles.ts'
import { isLive, openBrowser, openPage, openPageAs, settled, signIn } from './support/browser.ts'
import { stack } from './support/stack.ts'

const browser = await openBrowser()
const db = connectDatabase({ url: stack.databaseUrl, poolMax: 2, onConnectionLost: () => undefined })
afterAll(() => db.$disconnect())

async function publish(slug: string, visibility: string, rest = 'The hidden words of it.'): Promise<void> {
  const source = `---
title: "Fresh from the press"
slug: ${slug}
author: Jo Writer
series: Letters
tags: [letters]
visibility: ${visibility}
status: published
publishedAt: 2026-11-01T07:00:00Z
---

The public words of it.

<!--more-->

${rest}
`
  const article = prepareArticle(`${slug}.md`, Buffer.from(source))
  if ('problems' in article) throw new Error(JSON.stringify(article.problems))
  await publishArticle(db, article, new Date())
}

/** The sum of all that moved by itself, as the browser counts it: https://web.dev/articles/cls */
const watchShifts = () => {
  const shifts: string[] = []
  Object.assign(window, { shifts })
  type Shift = PerformanceEntry & { value: number; sources: { node: Node | null }[] }
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries() as Shift[]) {
      const moved = sources.map(({ node }) =>
        (node instanceof Element ? node.outerHTML : node?.textContent)?.slice(0, 120),
      )
      shifts.push(`${value}: ${moved.join(' | ')}`)
    }
  }).observe({ type: 'layout-shift', buffered: true })
}

beforeAll(() => publish('fresh', 'paid'))

test('what was published after the build opens, for whoever may read it', async () => {
  const { page, complaints } = await openPage(browser)
  await page.goto('/articles/fresh/')
  await page.getByText('The public words of it.').waitFor()
  await page.getByRole('heading', { name: 'The rest is for subscribers' }).waitFor()
  expect(await page.title()).toBe('Fresh from the press – Gatepost')
  await signIn(page, 'subscriber')
  await page.getByText('The hidden words of it.').waitFor()
  await page.getByRole('link', { name: 'Letters' }).first().click()
  await page.getByRole('heading', { level: 1, name: 'Letters' }).waitFor()
  await page.getByRole('link', { name: 'Fresh from the press' }).click()
  await page.getByText('The hidden words of it.').waitFor()
  for (const address of ['/tags/letters/', '/authors/jo-writer/']) {
    await page.goto(address)
    await page.getByRole('link', { name: 'Fresh from the press' }).waitFor()
  }
  // The host has no such page, and says so to the router, which then asks the API.
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([])
})

test('what is nowhere is not found, for the API either', async () => {
  const { page } = await openPage(browser)
  for (const address of [
    '/articles/never-was/',
    '/tags/never-was/',
    '/series/never-was/',
    '/articles/Not%20A%20Slug/',
  ]) {
    await page.goto(address)
    await page.getByRole('heading', { name: 'Page not found' }).filter({ visible: true }).waitFor()
  }
})

test('an article that is locked or opened after the build obeys at once', async () => {
  const { page } = await openPage(browser)
  const passage = paidPassages('circles')[0] ?? ''
  const set = async (slug: string, visibility: 'PUBLIC' | 'PAID') => {
    const { id } = await db.article.findUniqueOrThrow({ where: { slug }, select: { id: true } })
    const last = await db.articleRequirement.findFirstOrThrow({
      where: { articleId: id },
      orderBy: { validFrom: 'desc' },
      select: { validFrom: true },
    })
    const validFrom = new Date(Math.max(Date.now(), last.validFrom.getTime() + 1))
    await db.articleRequirement.create({
      data: { id: crypto.randomUUID(), articleId: id, visibility, validFrom },
      select: { id: true },
    })
  }
  try {
    await page.goto('/articles/circles/')
    await page.locator('#rest').getByText(passage).waitFor()
    await set('circles', 'PAID')
    await page.reload()
    await page.getByRole('heading', { name: 'The rest is for subscribers' }).waitFor()
    await page.locator('#rest').waitFor({ state: 'detached' })

    await set(six.paid, 'PUBLIC')
    await page.goto(`/articles/${six.paid}/`)
    await page
      .locator('#rest')
      .getByText(paidPassages(six.paid)[0] ?? '')
      .waitFor()
  } finally {
    await set('circles', 'PUBLIC')
    await set(six.paid, 'PAID')
  }
})

test.each([360, 1280])('nothing moves while the rest opens, %i px wide', async (width) => {
  const { page } = await openPageAs(browser, 'subscriber', { viewport: { width, height: 800 } })
  await page.addInitScript(watchShifts)
  for (const slug of [six.paid, six.members, six.patron, six.public]) {
    for (const scrolled of [false, true]) {
      await page.goto(`/articles/${slug}/`)
      if (scrolled) await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight))
      await page.locator('#rest, [aria-label="Why the rest is locked"]').filter({ visible: true }).first().waitFor()
      await settled(page, { member: true })
      expect({ slug, shifts: await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts) }).toEqual({
        slug,
        shifts: [],
      })
    }
  }
})

test('nothing moves for an anonymous reader', async () => {
  const { page } = await openPage(browser)
  await page.addInitScript(watchShifts)
  for (const address of ['/', `/articles/${six.paid}/`, `/articles/${six.public}/`, '/tags/essays/', '/plans/']) {
    await page.goto(address, { waitUntil: 'networkidle' })
    const shifts = await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts)
    expect({ address, shifts }).toEqual({ address, shifts: [] })
  }
})

test('a bookmark is set, listed, and removed', async () => {
  const { page } = await openPage(browser)
  await page.goto(`/articles/${six.members}/`)
  // Whoever is not signed in is led to it.
  await page.getByRole('button', { name: 'Bookmark' }).click()
  await page.locator('button[value="reader"]').click()
  const button = page.getByRole('button', { name: 'Bookmark' })
  await page.locator('#rest').waitFor()
  expect(await button.getAttribute('aria-pressed')).toBe('false')
  await button.click()
  await page.locator('button[aria-pressed="true"]').waitFor()
  await page.reload()
  await page.locator('button[aria-pressed="true"]').waitFor()
  await page.goto('/account/')
  await page.getByRole('main').getByRole('link', { name: 'Compensation' }).click()
  await page.locator('button[aria-pressed="true"]').click()
  await page.locator('button[aria-pressed="false"]', { hasText: 'Bookmark' }).waitFor()
  await page.goto('/account/')
  await page.getByText('No bookmarks yet').waitFor()
})

test('text size, theme and progress follow the reader', async () => {
  const { page } = await openPage(browser)
  await page.goto(`/articles/${six.public}/`)
  await isLive(page)
  const size = () => page.locator('#rest').evaluate((text) => getComputedStyle(text).fontSize)
  const before = await size()
  await page.getByRole('button', { name: 'Larger text' }).click()
  expect(parseFloat(await size())).toBeGreaterThan(parseFloat(before))
  const larger = await size()
  await page.reload()
  expect(await size()).toBe(larger)
  await isLive(page)

  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await ground()
  await page.getByRole('button', { name: /Theme/ }).click()
  await page.getByRole('button', { name: /Theme/ }).click()
  expect(await ground()).not.toBe(light)

  const line = page.locator('[class*="ProgressLine"]')
  const width = () => line.evaluate((element) => element.getBoundingClientRect().width)
  expect(await width()).toBe(0)
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight))
  await page.waitForFunction(() => {
    const element = document.querySelector('[class*="ProgressLine"]')
    return element !== null && element.getBoundingClientRect().width > window.innerWidth * 0.95
  })
})

test('the series leads on, and back', async () => {
  const { page } = await openPage(browser)
  await page.goto(`/articles/${six.paid}/`)
  const nav = page.getByRole('navigation', { name: 'Series: Essays' })
  await nav.getByRole('link', { name: /Next/ }).click()
  await page.getByRole('heading', { level: 1, name: 'Spiritual Laws' }).waitFor()
  await nav.getByRole('link', { name: /Previous/ }).click()
  await page.getByRole('heading', { level: 1, name: 'Self-Reliance' }).waitFor()
})
