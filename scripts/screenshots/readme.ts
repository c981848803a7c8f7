import type { BrowserContextOptions } from 'playwright-core'
import { articles } from './articles.ts'
import type { Photographer } from './photographer.ts'

const wide = { viewport: { width: 1280, height: 860 } }
const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 }

interface Picture {
  readonly name: string
  readonly address: string
  readonly persona?: string
  readonly options: BrowserContextOptions
}

const pictures: readonly Picture[] = [
  { name: 'home', address: '/', options: wide },
  { name: 'paywall', address: `/articles/${articles.short}/`, options: wide },
  {
    name: 'open',
    address: `/articles/${articles.short}/`,
    persona: 'subscriber',
    options: { ...wide, colorScheme: 'dark' },
  },
  { name: 'phone-home', address: '/', options: phone },
  { name: 'phone-paywall', address: `/articles/${articles.short}/`, options: phone },
]

/** The pictures that README.md shows. */
export async function takeReadmePictures(photographer: Photographer): Promise<void> {
  for (const { name, address, persona, options } of pictures) {
    const page = await photographer.open(persona ?? null, options)
    await photographer.goto(page, address)
    // A machine that nobody sits at has no system font worth a picture: the next ones of the list.
    await page.evaluate(`document.documentElement.style.setProperty('--sans', '"Helvetica Neue", Arial, sans-serif')`)
    await photographer.shoot(page, name)
    await page.context().close()
  }
}
