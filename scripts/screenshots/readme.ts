import type { BrowserContextOptions } from 'playwright-core'
import { articles } from './articles.ts'
import type { Photographer } from './photographer.ts'

const wide = { viewport: { width: 1280, height: 860 } }
const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 }

interface Picture {
  readonly name: string
  readonly address: string
  readonly persona?: string
  /** A text that must be visible. */
  readonly shows: string
  /** Whether the text is below the window. */
  readonly isBelow?: boolean
  readonly options: BrowserContextOptions
}

const paywall = '[aria-label="Why the rest is locked"]'

const pictures: readonly Picture[] = [
  { name: 'home', address: '/', shows: 'article', options: wide },
  { name: 'paywall', address: `/articles/${articles.short}/`, shows: paywall, options: wide },
  {
    name: 'open',
    address: `/articles/${articles.short}/`,
    persona: 'subscriber',
    shows: '#rest',
    options: { ...wide, colorScheme: 'dark' },
  },
  { name: 'phone-home', address: '/', shows: 'article', options: phone },
  { name: 'phone-paywall', address: `/articles/${articles.short}/`, shows: paywall, isBelow: true, options: phone },
]

/** Takes the pictures of README.md and docs/reading.md. */
export async function takeReadmePictures(photographer: Photographer): Promise<void> {
  for (const { name, address, persona, shows, isBelow, options } of pictures) {
    const page = await photographer.open(persona ?? null, options)
    await photographer.goto(page, address)
    const shown = page.locator(shows).filter({ visible: true }).first()
    await shown.waitFor()
    if (isBelow) await shown.scrollIntoViewIfNeeded()
    // A server has no good system font, so the next fonts of the list are used.
    await page.evaluate(`document.documentElement.style.setProperty('--sans', '"Helvetica Neue", Arial, sans-serif')`)
    await photographer.shoot(page, name)
    await page.context().close()
  }
}
