import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll } from '@jest/globals'
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
  type Request,
} from 'playwright-core'
import { readBrowserPlaces } from '../../../../scripts/env.ts'
import { findChromium, launchOptions } from '../../../../scripts/find-chromium.ts'
import { TestBrowser } from '../../../../scripts/local/identity/test-browser.ts'
import { localClientId } from '../../../../server/src/local/defaults.ts'
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

/**
 * Opens a page for a person with a session at the identity provider, which is made without the browser. Each document finds it by the
 * silent sign-in, as after any reload. For tests that are not about signing in: `signIn` loads three documents more.
 */
export async function openPageAs(
  browser: Browser,
  persona: string,
  options: BrowserContextOptions = {},
): Promise<TestPage> {
  const opened = await openPage(browser, options)
  await addSession(opened.context, persona)
  return opened
}

/** Adds a persona's session, in place of another person's. */
export async function addSession(context: BrowserContext, persona: string): Promise<void> {
  const provider = new TestBrowser({ url: stack.identity, siteOrigin: stack.site })
  await provider.signIn({ persona })
  // By which the SDK knows that it is worth asking.
  const mark = { name: `auth0.${localClientId}.is.authenticated`, value: 'true' }
  await context.addCookies([
    ...provider.cookies().map((cookie) => ({ ...cookie, url: stack.identity, sameSite: 'Lax' as const })),
    { ...mark, url: stack.site },
  ])
}

/** Another tab of the same browser. */
export async function newPage(context: BrowserContext): Promise<{ page: Page; complaints: string[] }> {
  const page = await context.newPage()
  const complaints: string[] = []
  watchTraffic(page, complaints)
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints }
}

interface Traffic {
  readonly complaints: readonly string[]
  /** Requests of this document that failed. */
  readonly failed: Set<Request>
  /** Requests without an answer yet, but for the stream of a member's changes, which has no end. */
  readonly pending: Set<Request>
  /** Whether the document's stream was answered. */
  streams: boolean
}

const traffic = new WeakMap<Page, Traffic>()
const isStream = (request: { url: () => string }): boolean => request.url().endsWith('/graphql/stream')

function watchTraffic(page: Page, complaints: readonly string[]): void {
  const seen: Traffic = { complaints, pending: new Set(), failed: new Set(), streams: false }
  traffic.set(page, seen)
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) {
      seen.pending.clear()
      seen.failed.clear()
      seen.streams = false
    }
    if (!isStream(request)) seen.pending.add(request)
  })
  page.on('response', (response) => void (seen.streams ||= isStream(response)))
  const answered = (request: Request): void => void seen.pending.delete(request)
  page.on('requestfinished', answered).on('requestfailed', answered)
  page.on('requestfailed', (request) => seen.failed.add(request))
}

/** Waits until something is shown. @throws Error that says what the page shows and what it waits for, when that does not come */
async function untilShown(page: Page, wanted: Locator): Promise<void> {
  try {
    await wanted.waitFor()
  } catch (error) {
    const seen = traffic.get(page)
    const list = (title: string, lines: Iterable<string> = []) => [...lines].map((line) => `${title}: ${line}`)
    const urls = (requests: Iterable<Request> = []) => [...requests].map((request) => request.url())
    const lines = [
      `Not shown at ${page.url()}: ${String(wanted)}`,
      ...list('complaint', seen?.complaints),
      ...list('failed', urls(seen?.failed)),
      ...list('unanswered', urls(seen?.pending)),
      (await page.locator('body').innerText()).slice(0, 1_000),
    ]
    throw new Error(lines.join('\n'), { cause: error })
  }
}

/** Waits until two frames are drawn. */
export const drawn = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))

/**
 * Waits until all that a page has asked for was answered and drawn. With `member`, its stream of changes is open too, which is the
 * last that the page of a signed-in person asks for.
 */
export async function settled(page: Page, { member = false } = {}): Promise<void> {
  const seen = traffic.get(page)
  const isQuiet = () => seen?.pending.size === 0 && (!member || seen.streams)
  for (;;) {
    const quiet = isQuiet()
    await drawn(page)
    if (quiet && isQuiet()) return
  }
}

/** Waits until a condition of the test's own is met. */
export async function until(isMet: () => boolean): Promise<void> {
  while (!isMet()) await sleep(20)
}

/** Waits, as nobody, until React is there: what is pressed before is lost. It alone draws the header's button. */
export async function isLive(page: Page): Promise<void> {
  await untilShown(page, page.getByRole('banner').getByRole('button', { name: 'Sign in' }))
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
  await untilShown(page, page.getByRole('banner').locator('summary'))
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
