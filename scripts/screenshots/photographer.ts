import path from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { personaByName } from '../local/identity/personas.ts'
import { articles } from './articles.ts'

interface Place {
  readonly browser: Browser
  /** The folder of the pictures. */
  readonly folder: string
  /** Origin of the site. */
  readonly site: string
  /** Origins of the API and of the identity provider that the site was built for. */
  readonly api: string
  readonly identity: string
}

/** Maximum height of a picture, in CSS pixels. */
const tallest = 2_400

/** Opens pages of the running site as any persona and takes pictures of them. */
export class Photographer {
  readonly #place: Place

  constructor(place: Place) {
    this.#place = place
  }

  get origins(): Pick<Place, 'api' | 'identity'> {
    return this.#place
  }

  /** Opens a page in a new browser context, signed in as a persona or a new member of that name. Null: not signed in. */
  async open(persona: string | null, options: BrowserContextOptions = {}): Promise<Page> {
    const { browser, site } = this.#place
    // As on a phone or a Mac, no space is reserved for a scroll bar.
    const usual = { baseURL: site, viewport: { width: 1280, height: 900 }, isMobile: true }
    const context = await browser.newContext({ ...usual, ...options })
    // With an open stream the network would never be idle.
    await context.route('**/graphql/stream', (route) => route.abort())
    const page = await context.newPage()
    // Web fonts are used from the second page on: site/src/styles/fonts.css.
    await page.goto(`/articles/${articles.paid}/`, { waitUntil: 'networkidle' })
    await page.goto('/')
    if (persona !== null) {
      await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
      if (personaByName(persona)) await page.locator(`button[value="${persona}"]`).click()
      else {
        await page.getByLabel('Name').fill(persona)
        await page.getByRole('button', { name: 'Continue' }).click()
      }
      await page.getByRole('banner').locator('summary').waitFor()
    }
    return page
  }

  /** Navigates to an address and waits until the page is loaded. */
  async goto(page: Page, address: string): Promise<void> {
    await page.goto(address, { waitUntil: 'networkidle' })
    await page.locator('[data-opening]').filter({ visible: true }).waitFor({ state: 'detached' })
    await page.evaluate('document.fonts.ready')
  }

  /** Takes a picture. @param whole whether it shows the whole page, up to the maximum height, instead of the window */
  async shoot(page: Page, name: string, whole = false): Promise<void> {
    const file = path.join(this.#place.folder, `${name}.png`)
    const size = page.viewportSize() ?? { width: 1280, height: 900 }
    const height = whole ? Math.min(tallest, await page.evaluate<number>('document.documentElement.scrollHeight')) : 0
    await page.screenshot({
      path: file,
      animations: 'disabled',
      ...(whole && { fullPage: true, clip: { x: 0, y: 0, width: size.width, height } }),
    })
    console.log(file)
  }
}
