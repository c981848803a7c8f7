import { expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { addSession, openBrowser, openPage, openPageAs } from './support/browser.ts'
import { violations } from './support/checks.ts'
import { stack } from './support/stack.ts'

const browser = await openBrowser()

const problem = (page: Page) => page.locator('[data-problem]')
/** The row for problems is the first live region after the header. */
const row = (page: Page) => page.locator('header + [role="status"]')
const top = (page: Page, selector: string) =>
  page.locator(selector).evaluate((element) => element.getBoundingClientRect().top)

/** Holds back what the API answers until the returned function is called. */
async function holdApi(page: Page): Promise<() => void> {
  let release = () => undefined as void
  const held = new Promise<void>((resolve) => (release = resolve))
  await page.route(stack.api, async (route) => {
    await held
    await route.continue()
  })
  return release
}

test.each([1280, 360, 320])('a problem moves nothing, lies over nothing and is announced, at %s px', async (width) => {
  const { page } = await openPageAs(browser, 'pastdue', { viewport: { width, height: 740 } })
  const release = await holdApi(page)
  await page.goto('/')
  await page.getByRole('banner').locator('summary').waitFor()
  // A region that is not drawn before it has something to say says nothing.
  expect(await row(page).evaluate((element) => getComputedStyle(element).display)).not.toBe('none')
  expect(await row(page).textContent()).toBe('')
  const before = await top(page, 'main h1')
  release()
  await problem(page).waitFor()
  expect(await top(page, 'main h1')).toBe(before)
  const box = await problem(page).evaluate((element) => element.getBoundingClientRect().toJSON() as DOMRect)
  expect(box.bottom).toBeLessThanOrEqual(await top(page, 'main'))
  expect(box.top).toBeGreaterThanOrEqual(
    await page.getByRole('banner').evaluate((element) => element.getBoundingClientRect().bottom),
  )
  expect(await violations(page)).toEqual([])

  // All of it can be read, however narrow the window is.
  const more = problem(page).getByRole('button', { name: 'More' })
  if (await more.isVisible()) {
    await more.click()
    await problem(page).getByRole('button', { name: 'Less', expanded: true }).waitFor()
  }
  expect(
    await problem(page)
      .locator('p')
      .evaluate((text) => text.scrollHeight - text.clientHeight),
  ).toBeLessThanOrEqual(1)
  await problem(page).getByRole('button', { name: 'Close' }).click()
  await problem(page).waitFor({ state: 'detached' })
  expect(await top(page, 'main h1')).toBe(before)
})

test('a problem has one button, in one place, and leaves no gap where the page has it', async () => {
  const { page, context } = await openPage(browser)
  await page.goto('/')
  const begins = await top(page, 'main')
  await addSession(context, 'pastdue')
  const places = [
    ['/', row(page)],
    ['/plans/', page.getByRole('main')],
    ['/account/', page.getByRole('main')],
  ] as const
  for (const [address, place] of places) {
    await page.goto(address)
    const named = { name: 'Update payment' }
    await place.getByRole('button', named).waitFor()
    expect([address, await page.getByRole('button', named).filter({ visible: true }).count()]).toEqual([address, 1])
    expect(await top(page, 'main')).toBe(begins)
  }
})

test('news goes by itself, but not while the reader is at it', async () => {
  const { page } = await openPage(browser)
  await page.clock.install()
  await page.goto('/plans/?checkout=back')
  const news = page.locator('[data-news]')
  await news.getByText('Checkout cancelled. You haven’t been charged.').waitFor()
  expect(new URL(page.url()).search).toBe('')
  // From the keyboard.
  await news.getByRole('button', { name: 'Close' }).focus()
  await page.clock.runFor(60_000)
  expect(await news.count()).toBe(1)
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  // With a mouse.
  await news.hover()
  await page.clock.runFor(60_000)
  expect(await news.count()).toBe(1)
  await page.mouse.move(10, 10)
  await page.clock.runFor(10_000)
  await news.waitFor({ state: 'detached' })
  // What is empty lies over nothing.
  expect(await page.evaluate(() => document.elementFromPoint(640, 895)?.closest('[role="status"]') ?? null)).toBeNull()
})
