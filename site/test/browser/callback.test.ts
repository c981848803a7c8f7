import { expect, test } from '@jest/globals'
import { six } from './support/articles.ts'
import { keptInBrowser, openBrowser, openPage, signedIn } from './support/browser.ts'
import { stack } from './support/stack.ts'

const browser = await openBrowser()

/** As far as the provider's page. */
async function beginSignIn(address = `/articles/${six.paid}/`) {
  const opened = await openPage(browser)
  await opened.page.goto(address)
  await opened.page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await opened.page.waitForURL((url) => url.origin === stack.identity)
  return opened
}

test('opened by hand', async () => {
  const { page } = await openPage(browser)
  await page.goto('/callback/')
  await page.getByRole('heading', { name: 'Nothing to do here' }).waitFor()
  await page.getByRole('link', { name: 'Go to the front page' }).click()
  await page.waitForURL(`${stack.site}/`)
})

test('left at the provider’s page', async () => {
  const { page } = await beginSignIn()
  await page.getByRole('link', { name: 'Cancel and go back' }).click()
  await page.getByRole('heading', { name: 'You cancelled the sign-in' }).waitFor()
  expect(page.url()).toBe(`${stack.site}/callback/`)
  expect(await keptInBrowser(page)).toMatchObject({ sessionStorage: {}, localStorage: {}, cookies: {} })
  await page.getByRole('link', { name: 'Back to where you were' }).click()
  await page.waitForURL(`**/articles/${six.paid}/`)
})

test('refused', async () => {
  const { page } = await beginSignIn()
  const state = await stateOf(page)
  await page.goto(`/callback/?error=access_denied&error_description=Not%20invited&state=${state}`)
  await page.getByRole('heading', { name: 'You couldn’t be signed in' }).waitFor()
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => url.origin === stack.identity)
})

test('a code that is old or was used', async () => {
  const { page } = await beginSignIn()
  const state = await stateOf(page)
  await page.goto(`/callback/?code=used-before&state=${state}`)
  await page.getByRole('heading', { name: 'This sign-in took too long' }).waitFor()
  // Neither the code nor what the SDK kept for it stays.
  expect(page.url()).toBe(`${stack.site}/callback/`)
  expect(await keptInBrowser(page)).toMatchObject({ sessionStorage: {}, localStorage: {}, cookies: {} })
})

test('an answer to a sign-in of which this browser knows nothing', async () => {
  const { page } = await openPage(browser)
  await page.goto('/callback/?code=x&state=y')
  await page.getByRole('heading', { name: 'This sign-in took too long' }).waitFor()
})

test.each(['?code=x', '?error=access_denied', '?state=x'])(
  'an address that is no answer to anything: %s',
  async (query) => {
    const { page } = await openPage(browser)
    await page.goto(`/callback/${query}`)
    await page.getByRole('heading', { name: 'Nothing to do here' }).waitFor()
    expect(page.url()).toBe(`${stack.site}/callback/`)
  },
)

test('site data is blocked: said before anybody leaves', async () => {
  const { page } = await openPage(browser)
  await page.addInitScript(() => {
    const blocked = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    }
    Object.defineProperty(window, 'sessionStorage', { get: blocked })
    Object.defineProperty(window, 'localStorage', { get: blocked })
  })
  await page.goto(`/articles/${six.paid}/`)
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('banner').getByText('Allow cookies for this site, then sign in again.').waitFor()
  expect(page.url()).toBe(`${stack.site}/articles/${six.paid}/`)
})

test('the tenant has no such API', async () => {
  const { page } = await openPage(browser)
  await page.route(`${stack.identity}/authorize*`, (route) => {
    const address = new URL(route.request().url())
    address.searchParams.set('audience', 'https://other.example')
    return route.continue({ url: address.href })
  })
  await page.goto('/')
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'This site is not set up correctly' }).waitFor()
  expect(await page.getByRole('main').getByRole('button', { name: 'Sign in' }).count()).toBe(0)
})

/** Signs in with a clock that goes before or after the true one. */
async function signInAt(days: number) {
  const { page } = await openPage(browser)
  await page.addInitScript((off) => {
    const now = Date.now.bind(Date)
    const Shifted = new Proxy(Date, {
      construct: (target, given: unknown[]): Date =>
        Reflect.construct(target, given.length > 0 ? given : [now() + off]) as Date,
    })
    Shifted.now = () => now() + off
    window.Date = Shifted
  }, days * 86_400_000)
  await page.goto('/')
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => url.origin === stack.identity)
  await page.locator('button[value="subscriber"]').click()
  return page
}

test('the reader’s clock is two days ahead: it is said, and what to do', async () => {
  const page = await signInAt(2)
  await page.getByRole('heading', { name: 'This device’s clock is wrong' }).waitFor()
  await page.getByText('Let your device set its clock automatically, then sign in again.').waitFor()
})

test('the reader’s clock is two days behind: signing in works', async () => {
  await signedIn(await signInAt(-2))
})

test('the exchange of the code fails because the provider is away', async () => {
  const { page } = await beginSignIn()
  await page.route(`${stack.identity}/oauth/token`, (route) => route.abort('connectionrefused'))
  await page.locator('button[value="reader"]').click()
  await page.getByRole('heading', { name: 'The sign-in service is not responding' }).waitFor()
})

test.each(['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', '/.//evil.example/'])(
  'never leads to another origin: %s',
  async (to) => {
    const { page } = await beginSignIn()
    // Somebody has changed what the SDK keeps in this browser.
    await page.goto(`${stack.site}/icon.svg`)
    await page.evaluate((address) => {
      for (const key of Object.keys(sessionStorage)) {
        const kept = JSON.parse(sessionStorage.getItem(key) ?? '{}') as { appState?: unknown }
        sessionStorage.setItem(key, JSON.stringify({ ...kept, appState: { to: address, place: 0 } }))
      }
    }, to)
    const kept = await page.evaluate(() => Object.values({ ...sessionStorage }))
    const state = kept.length > 0 ? ((JSON.parse(String(kept[0])) as { state?: string }).state ?? '') : ''
    await page.goto(`/callback/?error=access_denied&error_description=no&state=${state}`)
    await page.getByRole('heading', { name: 'You couldn’t be signed in' }).waitFor()
    expect(page.url()).toBe(`${stack.site}/callback/`)
    await page.getByRole('link', { name: 'Go to the front page' }).click()
    await page.waitForURL(`${stack.site}/`)
  },
)

/** What the SDK waits for: it is in the address of the provider’s page by way of its own request. */
async function stateOf(page: Awaited<ReturnType<typeof beginSignIn>>['page']): Promise<string> {
  await page.goto(`${stack.site}/icon.svg`)
  return page.evaluate(() => {
    const kept = Object.entries({ ...sessionStorage }).find(([key]) => key.startsWith('a0.spajs.txs'))
    return (JSON.parse(kept?.[1] ?? '{}') as { state?: string }).state ?? ''
  })
}
