import { afterAll } from '@jest/globals'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'
import { readBrowserPlaces } from '../../../../scripts/env.ts'
import { findChromium, launchOptions } from '../../../../scripts/find-chromium.ts'
import { stack } from './stack.ts'

/** A real Chromium for this test file, which asks for it at its top. Ends with it. */
export async function openBrowser(flags: readonly string[] = []): Promise<Browser> {
  const options = launchOptions(await findChromium(readBrowserPlaces()))
  const browser = await chromium.launch({ ...options, args: [...(options.args ?? []), ...flags] })
  afterAll(() => browser.close())
  return browser
}

export interface TestPage {
  readonly page: Page
  readonly context: BrowserContext
  /** What the console complained about, and what the page threw. */
  readonly complaints: string[]
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<TestPage> {
  const context = await browser.newContext({ baseURL: stack.site, viewport: { width: 1280, height: 900 }, ...options })
  return { context, ...(await newPage(context)) }
}

/** Another tab of the same browser. */
export async function newPage(context: BrowserContext): Promise<{ page: Page; complaints: string[] }> {
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints }
}

/** Waits, as nobody, until React is there: what is pressed before is lost. It alone draws the header's button. */
export async function isLive(page: Page): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
}

/** Signs in from the page that is open, at the identity provider's page, and waits until one is back. */
export async function signIn(page: Page, persona: string): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await choose(page, persona)
}

/** On the identity provider's page. */
export async function choose(page: Page, persona: string): Promise<void> {
  await page.waitForURL((url) => url.origin === stack.identity)
  await page.locator(`button[value="${persona}"]`).click()
  await signedIn(page)
}

/** As somebody whom nobody else is: a new member with an account and no plan. */
export async function signInAs(page: Page, name: string): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => url.origin === stack.identity)
  await page.getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Continue' }).click()
  await signedIn(page)
}

export async function signedIn(page: Page): Promise<void> {
  await page.waitForURL((url) => url.origin !== stack.identity && !url.pathname.startsWith('/callback'))
  try {
    await page.getByRole('banner').locator('summary').waitFor()
  } catch (error) {
    const shown = await page.locator('body').innerText()
    throw new Error(`Nobody is signed in at ${page.url()}, which shows:\n${shown.slice(0, 1_000)}`, { cause: error })
  }
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole('banner').locator('summary').click()
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
}

/** Everything that this origin keeps in the browser, by name and value. */
export async function keptInBrowser(page: Page): Promise<Record<string, Record<string, string>>> {
  return page.evaluate(async () => ({
    localStorage: { ...localStorage },
    sessionStorage: { ...sessionStorage },
    cookies: Object.fromEntries(
      document.cookie
        .split('; ')
        .filter(Boolean)
        .map((pair) => pair.split('=')),
    ),
    databases: Object.fromEntries((await indexedDB.databases()).map(({ name }) => [String(name), ''])),
    caches: Object.fromEntries((await caches.keys()).map((name) => [name, ''])),
  }))
}
