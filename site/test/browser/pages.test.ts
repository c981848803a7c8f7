import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { six } from './support/articles.ts'
import { isLive, openBrowser, openPage, openPageAs } from './support/browser.ts'
import { moving, sideways, smallTargets, violations } from './support/checks.ts'

const browser = await openBrowser()

interface Visit {
  readonly name: string
  readonly address: string
  /** Who is signed in; none: nobody. */
  readonly persona?: string
  /** Words by which one knows that the page is all there. */
  readonly shows: string
  readonly prepare?: (page: Page) => Promise<unknown>
}

const press = (name: string) => (page: Page) => page.getByRole('main').getByRole('button', { name }).click()
const openMenu = (page: Page) => page.getByRole('banner').locator('summary').click()

const visits: readonly Visit[] = [
  { name: 'home', address: '/', shows: 'Latest' },
  { name: 'home, page 2', address: '/page/2/', shows: 'All articles, page 2' },
  { name: 'an open article', address: `/articles/${six.public}/`, shows: 'In the series' },
  { name: 'a locked article', address: `/articles/${six.paid}/`, shows: 'The rest is for subscribers' },
  { name: 'a tag', address: '/tags/fiction/', shows: '10 articles with this tag' },
  { name: 'an author', address: '/authors/g-k-chesterton/', shows: '20 articles' },
  { name: 'a series', address: '/series/heretics/', shows: 'A series of 20 articles' },
  { name: 'archive', address: '/articles/', shows: 'newest first' },
  { name: 'all authors', address: '/authors/', shows: 'G. K. Chesterton' },
  { name: 'all series', address: '/series/', shows: 'Heretics' },
  { name: 'all tags', address: '/tags/', shows: 'fiction' },
  { name: 'plans', address: '/plans/', shows: 'Sign in to redeem' },
  { name: 'account, anonymous', address: '/account/', shows: 'Sign in first' },
  { name: 'ping, anonymous', address: '/ping/', shows: 'Sign in first' },
  { name: 'callback, opened by hand', address: '/callback/', shows: 'Nothing to do here' },
  { name: 'not found', address: '/nowhere/', shows: 'Page not found' },
  { name: 'an article that is nowhere', address: '/articles/never-was/', shows: 'Page not found' },
  { name: 'account', persona: 'lapsed', address: '/account/', shows: 'No bookmarks yet' },
  { name: 'a paid article, open', persona: 'subscriber', address: `/articles/${six.paid}/`, shows: 'In the series' },
  {
    name: 'ping, answered',
    persona: 'subscriber',
    address: '/ping/',
    shows: 'Calls the API with your token',
    prepare: async (page) => {
      await press('Ping')(page)
      await page.getByRole('heading', { name: 'Your token' }).waitFor()
    },
  },
  { name: 'receipts', persona: 'subscriber', address: '/account/receipts/', shows: 'No. ' },
  { name: 'a plan that is held', persona: 'subscriber', address: '/plans/', shows: 'Your plan' },
  { name: 'desk, refused', persona: 'reader', address: '/desk/', shows: 'You can’t open the desk' },
  { name: 'account, no plan', persona: 'reader', address: '/account/', shows: 'You don’t have a plan.' },
  { name: 'desk', persona: 'editor', address: '/desk/', shows: 'The Redheaded League' },
  { name: 'the menu', persona: 'editor', address: '/plans/', shows: 'Redeem a code', prepare: openMenu },
]

const pages = new Map<string, Promise<Page>>()

/** One page for each person, kept for all that they visit. */
function pageOf(persona = 'nobody'): Promise<Page> {
  const open = async () => {
    const options = { reducedMotion: 'reduce' } as const
    const opened = persona === 'nobody' ? openPage(browser, options) : openPageAs(browser, persona, options)
    return (await opened).page
  }
  const page = pages.get(persona) ?? open()
  pages.set(persona, page)
  return page
}

const setWidth = (page: Page, width: number) => page.setViewportSize({ width, height: 800 })

describe.each(visits)('$name', ({ persona, address, shows, prepare }) => {
  let page: Page
  beforeAll(async () => {
    page = await pageOf(persona)
    await setWidth(page, 1280)
    await page.goto(address)
    await page.getByText(shows).filter({ visible: true }).first().waitFor()
    await prepare?.(page)
  })

  test.each([
    [360, 'light'],
    [360, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const)('nothing keeps anybody out, %i px, %s', async (width, colorScheme) => {
    await setWidth(page, width)
    await page.emulateMedia({ colorScheme })
    expect(await violations(page, colorScheme === 'light' ? 'all' : 'colours')).toEqual([])
  })

  test.each(['0', '3'])('fits 320 px and a finger, text size %s', async (size) => {
    await setWidth(page, 320)
    await page.evaluate((wanted) => (document.documentElement.dataset.size = wanted), size)
    expect(await sideways(page)).toEqual([])
    expect(await smallTargets(page)).toEqual([])
  })

  test('nothing moves for whoever asked for that', async () => {
    expect(await moving(page)).toEqual([])
  })
})

test('the checks find what is planted', async () => {
  const { page } = await openPage(browser, { viewport: { width: 320, height: 800 }, colorScheme: 'light' })
  await page.goto('/plans/')
  await isLive(page)
  await page.evaluate(() => {
    const plant = (tag: string, style: Partial<CSSStyleDeclaration>, text = '') => {
      const element = document.createElement(tag)
      element.textContent = text
      Object.assign(element.style, style)
      document.querySelector('main')?.append(element)
    }
    plant('img', {})
    plant('p', { color: '#b0a890' }, 'Who can read this?')
    plant('div', { width: '400px', height: '1px' })
    plant('button', { width: '20px', height: '20px', padding: '0' }, '×')
    plant('p', { transition: 'opacity 1s' }, 'Slowly.')
  })
  const found = await violations(page)
  expect(found.map((line) => line.split(':')[0]).filter((id) => id !== 'target-size')).toEqual([
    'color-contrast',
    'image-alt',
  ])
  const inColours = await violations(page, 'colours')
  expect(inColours.map((line) => line.split(':')[0])).toEqual(['color-contrast'])
  expect(await sideways(page)).toEqual([expect.stringMatching(/ px in /), expect.stringContaining('width: 400px')])
  expect(await smallTargets(page)).toEqual([expect.stringContaining('20.0 × 20.0')])
  expect(await moving(page)).toEqual([expect.stringContaining('transition')])
})
