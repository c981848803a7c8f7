import type { Page } from 'playwright-core'
import { articles } from './articles.ts'
import type { Photographer } from './photographer.ts'

interface Look {
  readonly name: string
  readonly address: string
  /** The signed-in persona. Default: an anonymous reader. */
  readonly persona?: string
  /** Actions on the page before the picture. */
  readonly prepare?: (page: Page, identity: string) => Promise<unknown>
  /** Whether the picture shows the window at its scroll position instead of the page from the top. */
  readonly window?: boolean
}

const card = (page: Page) => page.getByRole('region', { name: 'Why the rest is locked' }).filter({ visible: true })
const toEnd = (page: Page) => page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
const openMenu = (page: Page) => page.getByRole('banner').locator('summary').click()
const press = (name: string) => async (page: Page) => {
  await page.getByRole('button', { name }).click()
  await page.getByRole('dialog').waitFor()
}
const redeemInVain = async (page: Page) => {
  await page.getByLabel('Gift code').fill('GIFT-00000-00000-00000-00000')
  await page.getByRole('button', { name: 'Redeem' }).click()
  await page.getByRole('alert').waitFor()
}
const ping = async (page: Page) => {
  await page.getByRole('button', { name: 'Ping' }).click()
  await page.getByRole('heading', { name: 'Your token' }).waitFor()
}

/** Presses `Sign in` while the identity provider does not respond, and reloads the page. */
const pressInVain = async (page: Page, identity: string) => {
  await page.route(`${identity}/**`, (route) => route.abort('connectionrefused'))
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').filter({ hasText: 'is not responding' }).waitFor()
  await page.unrouteAll()
}
const comeBackInVain = async (page: Page, identity: string) => {
  await page.route(`${identity}/**`, (route) => route.abort('connectionrefused'))
  await page.reload()
  await page.getByRole('status').getByText('is not responding').waitFor()
  await page.unrouteAll()
}
const longName = 'Wolfeschlegelsteinhausenbergerdorff of Nether Wallop'

const pages: readonly Look[] = [
  { name: 'home', address: '/' },
  { name: 'home-2', address: '/page/2/' },
  { name: 'home-end', address: '/', prepare: toEnd, window: true },
  { name: 'article', address: `/articles/${articles.open}/` },
  { name: 'article-end', address: `/articles/${articles.open}/`, prepare: toEnd, window: true },
  { name: 'article-locked', address: `/articles/${articles.paid}/` },
  { name: 'article-locked-end', address: `/articles/${articles.paid}/`, prepare: toEnd, window: true },
  { name: 'article-paid', address: `/articles/${articles.paid}/`, persona: 'subscriber' },
  { name: 'menu', address: `/articles/${articles.paid}/`, persona: 'editor', prepare: openMenu, window: true },
  { name: 'tag', address: '/tags/essays/' },
  { name: 'author', address: '/authors/g-k-chesterton/' },
  { name: 'series', address: '/series/essays/' },
  { name: 'plans', address: '/plans/' },
  { name: 'plans-held', address: '/plans/', persona: 'patron' },
  { name: 'plans-yearly', address: '/plans/?interval=yearly', persona: 'reader' },
  { name: 'plans-change', address: '/plans/', persona: 'subscriber', prepare: press('Change to Patron'), window: true },
  { name: 'plans-pastdue', address: '/plans/', persona: 'pastdue' },
  { name: 'plans-lapsed', address: '/plans/', persona: 'lapsed' },
  { name: 'redeem-wrong', address: '/plans/', persona: 'reader', prepare: redeemInVain },
  { name: 'receipts', address: '/account/receipts/', persona: 'subscriber' },
  { name: 'receipts-none', address: '/account/receipts/', persona: 'reader' },
  {
    name: 'account-cancel',
    address: '/account/',
    persona: 'subscriber',
    prepare: press('Cancel Supporter'),
    window: true,
  },
  { name: 'account-pastdue', address: '/account/', persona: 'pastdue' },
  { name: 'banner-pastdue', address: '/', persona: 'pastdue', window: true },
  { name: 'account', address: '/account/' },
  { name: 'account-reader', address: '/account/', persona: 'reader' },
  { name: 'account-subscriber', address: '/account/', persona: 'subscriber' },
  { name: 'account-editor', address: '/account/', persona: 'editor' },
  { name: 'account-disabled', address: '/account/', persona: 'disabled' },
  { name: 'callback', address: '/callback/' },
  { name: 'ping', address: '/ping/' },
  { name: 'ping-after', address: '/ping/', persona: 'subscriber', prepare: ping },
  { name: 'desk', address: '/desk/' },
  { name: 'desk-refused', address: '/desk/', persona: 'reader' },
  { name: 'desk-editor', address: '/desk/', persona: 'editor' },
  { name: 'not-found', address: '/nowhere/' },
  { name: 'long-name', address: '/account/', persona: longName, prepare: openMenu },
  { name: 'sign-in-away', address: '/plans/', prepare: pressInVain, window: true },
  {
    name: 'session-away',
    address: `/articles/${articles.short}/`,
    persona: 'lapsed',
    prepare: comeBackInVain,
    window: true,
  },
  { name: 'never-was', address: '/articles/never-was/' },
]

/** The paywall for each reason. The API's response is replaced for reasons that no persona has. */
const paywalls: readonly (Omit<Look, 'address'> & { slug?: string; answer?: string | null })[] = [
  { name: 'sign-in-members', slug: articles.members },
  { name: 'sign-in-paid' },
  { name: 'plan-required', persona: 'reader' },
  { name: 'plan-required-two', persona: 'reader', slug: articles.both },
  { name: 'plan-expired', persona: 'lapsed' },
  { name: 'payment-past-due', persona: 'pastdue' },
  { name: 'account-disabled', persona: 'disabled' },
  { name: 'unavailable', persona: 'reader', answer: 'UNAVAILABLE' },
  { name: 'unknown', persona: 'reader', answer: 'SOMETHING_NEW' },
  { name: 'away', persona: 'reader', answer: null },
]

/** Takes pictures of every page, narrow and wide, light and dark, and of the paywall for each reason. */
export async function takeAll(photographer: Photographer): Promise<void> {
  const personas = new Set([...pages, ...paywalls].map(({ persona }) => persona ?? null))
  for (const persona of personas) {
    const page = await photographer.open(persona)
    for (const look of pages) {
      if ((look.persona ?? null) !== persona) continue
      await eachWay(page, async (way) => {
        await photographer.goto(page, look.address)
        await look.prepare?.(page, photographer.origins.identity)
        await photographer.shoot(page, `${look.name}-${way}`, !look.window)
      })
    }
    for (const paywall of paywalls) {
      if ((paywall.persona ?? null) === persona) await takePaywall(photographer, page, paywall)
    }
    await page.context().close()
  }
}

async function takePaywall(
  photographer: Photographer,
  page: Page,
  { name, slug = articles.paid, answer }: (typeof paywalls)[number],
): Promise<void> {
  const addresses = `${photographer.origins.api}/**`
  if (answer === null) await page.route(addresses, (route) => route.abort('connectionrefused'))
  else if (answer !== undefined) {
    await page.route(addresses, async (route) => {
      // A stream never ends.
      if (route.request().url().endsWith('/stream')) return route.abort()
      const response = await route.fetch()
      await route.fulfill({
        response,
        body: (await response.text()).replace(/"reason":"\w+"/g, `"reason":"${answer}"`),
      })
    })
  }
  const region =
    answer === null
      ? page.getByRole('region', { name: 'The rest of this article can’t be loaded right now' })
      : card(page)
  await eachWay(page, async (way) => {
    await photographer.goto(page, `/articles/${slug}/`)
    await region.waitFor()
    await region.evaluate((element) => (element as Scrolled).scrollIntoView({ block: 'center' }))
    await photographer.shoot(page, `paywall-${name}-${way}`)
  })
  await page.unroute(addresses)
}

/** The scripts are compiled without the browser's types. */
interface Scrolled {
  scrollIntoView(options: { block: 'center' }): void
}

async function eachWay(page: Page, look: (way: string) => Promise<void>): Promise<void> {
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: width < 800 ? 740 : 900 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await look(`${width}-${colorScheme}`)
    }
  }
}
