import { expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { six } from './support/articles.ts'
import { drawn, openBrowser, openPage, openPageAs } from './support/browser.ts'
import { stack } from './support/stack.ts'

const browser = await openBrowser()

const place = (page: Page) => page.evaluate(() => Math.round(window.scrollY))

/** Until the place is written down, as it is when the scroll rests: a reload knows no more than that. */
const isKept = (page: Page) =>
  page.waitForFunction(() => (history.state as { place?: number } | null)?.place === Math.round(window.scrollY))

test.each(['nobody', 'subscriber'])('a reload keeps the place in an open article, for %s', async (persona) => {
  const { page } = await (persona === 'nobody' ? openPage(browser) : openPageAs(browser, persona))
  const slug = persona === 'nobody' ? six.public : six.paid
  await page.goto(`/articles/${slug}/`)
  await page.locator('#rest').waitFor()
  await page.evaluate(() => window.scrollTo(0, 4_000))
  expect(await place(page)).toBe(4_000)
  await isKept(page)
  // Twice: what is written at the first is not used up.
  for (const _again of [1, 2]) {
    await page.reload()
    await page.locator('#rest').waitFor()
    await page.waitForFunction(() => window.scrollY >= 4_000)
    expect(await place(page)).toBe(4_000)
  }
  // Another page begins at its top, and the way back leads to the place.
  const link = page.getByRole('navigation', { name: /Series/ }).getByRole('link', { name: /Next|Previous/ })
  await link.first().scrollIntoViewIfNeeded()
  const left = await place(page)
  await link.first().click()
  await page.waitForURL((url) => !url.pathname.includes(slug))
  await page.waitForFunction(() => window.scrollY === 0)
  await page.goBack()
  await page.waitForFunction((there) => Math.abs(window.scrollY - there) < 5, left)
})

test('a reader who has moved before the text has come is left where they are', async () => {
  const { page } = await openPageAs(browser, 'subscriber')
  await page.goto(`/articles/${six.paid}/`)
  await page.locator('#rest').waitFor()
  await page.evaluate(() => window.scrollTo(0, 4_000))
  await isKept(page)
  let release = () => undefined as void
  const held = new Promise<void>((resolve) => (release = resolve))
  await page.route(stack.api, async (route) => {
    await held
    await route.continue()
  })
  await page.reload()
  await page.getByRole('banner').locator('summary').waitFor()
  await page.locator('[data-opening]').filter({ visible: true }).waitFor()
  await page.mouse.wheel(0, -10_000)
  await page.waitForFunction(() => window.scrollY === 0)
  release()
  await page.locator('#rest').waitFor()
  await drawn(page)
  expect(await place(page)).toBe(0)
})

test.each([six.public, six.paid])('on paper there is text, and nothing to press: %s', async (slug) => {
  const { page } = await openPage(browser, { colorScheme: 'dark' })
  await page.goto(`/articles/${slug}/`)
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
  await page.emulateMedia({ media: 'print' })
  const visible = await page.evaluate(() =>
    [
      ...document.querySelectorAll(
        'button, summary, nav, header nav, footer, [class*="Button-module--button"], [class*="ProgressLine"]',
      ),
    ]
      .filter((element) => element.checkVisibility())
      .map((element) => element.outerHTML.slice(0, 80)),
  )
  expect(visible).toEqual([])
  expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true)
  // Where it stands is told, since no link can be pressed.
  expect(
    await page
      .getByText(new RegExp(`/articles/${slug}/$`))
      .filter({ visible: true })
      .count(),
  ).toBe(1)
  const colours = await page.evaluate(() => {
    const { backgroundColor, color } = getComputedStyle(document.body)
    return [backgroundColor, color]
  })
  expect(colours).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)'])
})

test('both faces of the text are asked for with the page, and what stands in for them until then moves little', async () => {
  const { page } = await openPage(browser)
  await page.goto('/articles/gifts/')
  const preloaded = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLLinkElement>('link[rel="preload"][as="font"]')].map(
      ({ href }) => /latin-wght-(\w+)/.exec(href)?.[1],
    ),
  )
  expect(preloaded.sort()).toEqual(['italic', 'normal'])
  // On the first view, with an empty cache.
  expect(await page.evaluate(() => document.fonts.ready.then(() => document.fonts.check('italic 16px Literata')))).toBe(
    true,
  )

  const late = await openPage(browser)
  let release = () => undefined as void
  const held = new Promise<void>((resolve) => (release = resolve))
  await late.page.route(/\.woff2$/, async (route) => {
    await held
    await route.continue()
  })
  await late.page.addInitScript(() => {
    Object.assign(window, { moved: 0 })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
        (window as unknown as { moved: number }).moved += entry.value
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await late.page.goto('/articles/gifts/', { waitUntil: 'commit' })
  await late.page.getByRole('heading', { level: 1 }).waitFor()
  const height = () => late.page.locator('article').evaluate((element) => element.getBoundingClientRect().height)
  const before = await height()
  release()
  await late.page.waitForFunction(
    () => document.fonts.check('italic 16px Literata') && document.fonts.status === 'loaded',
  )
  await drawn(late.page)
  // https://web.dev/articles/cls calls 0.1 good.
  expect(await late.page.evaluate(() => (window as unknown as { moved: number }).moved)).toBeLessThan(0.05)
  expect(Math.abs((await height()) / before - 1)).toBeLessThan(0.05)
})
