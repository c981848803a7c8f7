import { describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { six } from './support/articles.ts'
import { isLive, openBrowser, openPage, openPageAs } from './support/browser.ts'
import { stack } from './support/stack.ts'

const browser = await openBrowser()
/** Nobody's, for all that needs no more than a page. */
const { page: nobodys } = await openPage(browser)
const article = `/articles/${six.paid}/`

/** What a screen reader calls the element that has the focus. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const active = document.activeElement
    const label = active instanceof HTMLInputElement ? active.labels?.[0] : null
    const element = (label ?? active)?.cloneNode(true)
    if (!(element instanceof Element) || element.matches('body')) return ''
    for (const hidden of element.querySelectorAll('[aria-hidden]')) hidden.remove()
    // Words in elements of their own are words of their own.
    for (const part of element.querySelectorAll('*')) part.before(' ')
    return (element.getAttribute('aria-label') ?? element.textContent ?? '').replace(/\s+/g, ' ').trim()
  })

/** What is wrong with how the focus is seen; null: nothing. */
const unseen = (page: Page): Promise<string | null> =>
  page.evaluate(() => {
    const element = document.activeElement
    const [box] = element?.getClientRects() ?? []
    if (!element || !box) return 'it is nowhere'
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element)
    if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) return 'it has no ring'
    if (outlineColor === getComputedStyle(document.body).backgroundColor) return 'its ring has the colour of the page'
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
    if (x < 0 || y < 0 || x > window.innerWidth || y > window.innerHeight) return 'it is out of the window'
    const top = document.elementFromPoint(x, y)
    return top && element.contains(top) ? null : `it is under ${top?.outerHTML.slice(0, 80)}`
  })

/** Presses Tab until the focus is on `name`. @returns what it went by, that included */
async function tabTo(page: Page, name: string): Promise<string[]> {
  const way: string[] = []
  while (way.at(-1) !== name) {
    if (way.length > 60) throw new Error(`Tab does not reach "${name}": ${way.join(' | ')}`)
    await page.keyboard.press('Tab')
    way.push(await focused(page))
    expect({ at: way.at(-1), unseen: await unseen(page) }).toEqual({ at: way.at(-1), unseen: null })
  }
  return way
}

const header = ['Skip to the content', 'Gatepost', 'Plans', 'Theme: system']
const footer = ['Archive', 'Series', 'Authors', 'Tags', 'Plans', 'Account', 'Is it working?']
const ways: Readonly<Record<string, readonly string[]>> = {
  [article]: [
    ...header,
    'Sign in',
    // The text: its series and author, what one can do with it, what opens the rest.
    ...['Essays', 'Ralph Waldo Emerson', 'Bookmark', 'Smaller text', 'Larger text', 'Sign in', 'See plans'],
    // What follows it.
    ...['essays', 'philosophy', 'Essays', 'Previous Prudence', 'Next Spiritual Laws'],
    ...footer,
  ],
  '/plans/': [
    ...header,
    'Sign in',
    ...['Monthly', 'Choose Supporter', 'Choose Patron'],
    ...['Give Supporter: €5 for a month', 'Give Supporter: €50 for a year'],
    ...['Give Patron: €12 for a month', 'Give Patron: €120 for a year', 'Sign in to redeem'],
    ...footer,
  ],
  '/account/': [...header, 'Sign in', 'Sign in', ...footer],
}

/** Opens a page as nobody, and waits until it is known that nobody is there. */
async function open(address: string, page = nobodys): Promise<Page> {
  await page.goto(address)
  await isLive(page)
  return page
}

describe.each(Object.entries(ways))('%s', (address, way) => {
  test.each([360, 1280])('Tab goes through it in the order of reading, and is seen, %i px', async (width) => {
    await nobodys.setViewportSize({ width, height: 800 })
    expect(await tabTo(await open(address), 'Is it working?')).toEqual(way)
  })
})

test.each([
  ['outline', 'none', 'it has no ring'],
  ['outlineColor', 'var(--ground)', 'its ring has the colour of the page'],
  ['marginLeft', '-2000px', 'it is out of the window'],
  ['pointerEvents', 'none', 'it is under'],
])('a focus that nobody sees is found: %s %s', async (property, value, finding) => {
  const page = await open('/plans/')
  const link = page.getByRole('link', { name: 'Gatepost' })
  await link.evaluate((element, style) => void Object.assign(element.style, style), { [property]: value })
  await expect(tabTo(page, 'Gatepost')).rejects.toThrow(finding)
})

test('the skip link is seen when it has the focus, and leads past the header', async () => {
  const page = await open(article)
  const link = page.getByRole('link', { name: 'Skip to the content' })
  const top = async () => (await link.boundingBox())?.y ?? NaN
  expect(await top()).toBeLessThan(-20)
  await tabTo(page, 'Skip to the content')
  expect(await top()).toBeGreaterThanOrEqual(0)
  await page.keyboard.press('Enter')
  expect(await tabTo(page, 'Ralph Waldo Emerson')).toEqual(['Essays', 'Ralph Waldo Emerson'])
})

test('signing in, reading, and signing out need no pointer', async () => {
  const { page } = await openPage(browser)
  await open(article, page)
  // The second one: the paywall's.
  await tabTo(page, 'Larger text')
  await tabTo(page, 'Sign in')
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.origin === stack.identity)
  const persona = page.locator('button[value="subscriber"]')
  while (!(await persona.evaluate((button) => button === document.activeElement))) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.locator('#rest').waitFor()

  const bookmark = page.getByRole('button', { name: 'Bookmark' })
  const isSet = () => bookmark.getAttribute('aria-pressed')
  await page.locator('button[aria-disabled]', { hasText: 'Bookmark' }).waitFor({ state: 'detached' })
  const before = await isSet()
  await tabTo(page, 'Bookmark')
  for (const wanted of [before === 'true' ? 'false' : 'true', before]) {
    await page.keyboard.press('Space')
    await page.locator(`button[aria-pressed="${wanted}"]:not([aria-busy])`).waitFor()
    expect(await focused(page)).toBe('Bookmark')
  }

  await page.reload()
  await page.locator('#rest').waitFor()
  await tabTo(page, 'Sam Subscriber')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Sign out')
  await page.keyboard.press('Enter')
  await page.waitForURL(`${stack.site}/`)
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
})

test('the menu opens by Enter, closes by Escape and by choosing, and gives the focus back', async () => {
  const { page } = await openPageAs(browser, 'editor')
  await page.goto('/plans/')
  const panel = page.getByRole('banner').getByText('Signed in as')
  await page.getByRole('banner').locator('summary').waitFor()

  await tabTo(page, 'Edie Editor')
  await page.keyboard.press('Enter')
  await panel.waitFor()
  expect(await tabTo(page, 'Sign out')).toEqual(['Account and bookmarks', 'Desk', 'Sign out'])
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'hidden' })
  expect(await focused(page)).toBe('Edie Editor')

  await page.keyboard.press('Enter')
  await tabTo(page, 'Desk')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'The desk' }).waitFor()
  await panel.waitFor({ state: 'hidden' })
})

test('text size, colours and the series obey the keyboard', async () => {
  const { page } = await openPage(browser)
  await open(article, page)
  const look = () => page.evaluate(() => ({ ...document.documentElement.dataset }))
  await tabTo(page, 'Theme: system')
  await page.keyboard.press('Enter')
  expect(await look()).toMatchObject({ theme: 'light' })
  expect(await focused(page)).toBe('Theme: light')

  await tabTo(page, 'Smaller text')
  for (const [key, size] of [
    ['Enter', '-1'],
    // There is none smaller.
    ['Enter', '-1'],
  ] as const) {
    await page.keyboard.press(key)
    expect(await look()).toMatchObject({ size })
  }
  expect(await page.getByRole('button', { name: 'Smaller text' }).getAttribute('aria-disabled')).toBe('true')
  await tabTo(page, 'Larger text')
  for (const size of ['0', '1', '2', '3', '3']) {
    await page.keyboard.press('Space')
    expect(await look()).toMatchObject({ size })
  }

  await tabTo(page, 'Next Spiritual Laws')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Spiritual Laws' }).waitFor()
})

test.each([
  ['/', 'main', 'The Five Orange Pips', 'The Five Orange Pips'],
  ['/', 'main', 'Older', 'All articles, page 2'],
  [article, 'main', 'Ralph Waldo Emerson', 'Ralph Waldo Emerson'],
  [article, 'main', 'Next', 'Spiritual Laws'],
  ['/tags/fiction/', 'banner', 'Plans', 'Plans'],
  ['/plans/', 'banner', 'Gatepost', 'Essays, criticism and detection, for those who like to read to the end.'],
  ['/', 'contentinfo', 'Account', 'Your account'],
] as const)('from %s, %s, "%s" leads to a page that is announced: %s', async (address, part, link, title) => {
  const page = await open(address)
  await page.evaluate(() => Object.assign(window, { same: true }))
  await page.getByRole(part).getByRole('link', { name: link }).first().focus()
  await page.keyboard.press('Enter')
  await page
    .locator('#gatsby-announcer')
    .filter({ hasText: `Navigated to ${title}` })
    .waitFor({ state: 'attached' })
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(title)
  // The page was not loaded anew; the focus, which was on what is gone, is at the beginning of what has come.
  expect(await page.evaluate(() => 'same' in window)).toBe(true)
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('gatsby-focus-wrapper')
  expect(await tabTo(page, 'Gatepost')).toEqual(['Skip to the content', 'Gatepost'])
  expect(await page.evaluate(() => window.scrollY)).toBe(0)
})
