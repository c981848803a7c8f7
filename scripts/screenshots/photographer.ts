import path from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { personaByName } from '../local/identity/personas.ts'
import { articles } from './articles.ts'

interface Place {
  readonly browser: Browser
  /** Where the pictures go. */
  readonly folder: string
  /** Origin of the site. */
  readonly site: string
  /** Origins of the API and of the identity provider that the site was built for. */
  readonly api: string
  readonly identity: string
}

/** Tallest picture, in CSS pixels: nobody looks at a whole essay. */
const tallest = 2_400

/** Opens pages of the running site, as anybody, and takes pictures of them. */
export class Photographer {
  readonly #place: Place

  constructor(place: Place) {
    this.#place = place
  }

  get origins(): Pick<Place, 'api' | 'identity'> {
    return this.#place
  }

  /** A page of a browser of its own in which `persona`, or somebody new of that name, is signed in; null: nobody. */
  async open(persona: string | null, options: BrowserContextOptions = {}): Promise<Page> {
    const { browser, site } = this.#place
    // As on a phone or a Mac: no room is kept for a scroll bar that no picture shows.
    const usual = { baseURL: site, viewport: { width: 1280, height: 900 }, isMobile: true }
    const context = await browser.newContext({ ...usual, ...options })
    // A stream that stays open is a network that is never idle.
    await context.route('**/graphql/stream', (route) => route.abort())
    const page = await context.newPage()
    // Fonts are used from the second page on: site/src/styles/fonts.css.
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

  /** Leads the page to an address and waits until all is there that comes by itself. */
  async goto(page: Page, address: string): Promise<void> {
    await page.goto(address, { waitUntil: 'networkidle' })
    await page.locator('[data-opening]').filter({ visible: true }).waitFor({ state: 'detached' })
    await page.evaluate('document.fonts.ready')
  }

  /** @param whole the page to its end instead of what the window shows; its head if it is very long */
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
