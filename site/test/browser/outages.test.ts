import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, expect, test } from '@jest/globals'
import type { Route } from 'playwright-core'
import { ownPorts } from '../../../server/test/support/own-ports.mjs'
import { serverBundle } from '../../../server/test/support/server-bundle.ts'
import { paidPassages, six } from './support/articles.ts'
import { drawn, openBrowser, openPageAs, settled, signedIn } from './support/browser.ts'
import { stack } from './support/stack.ts'

// An API of its own over the same database, so that it can be killed; Chromium takes its port for the one built into the site.
const ports = await ownPorts({ PAYMENTS_PORT: new URL(stack.payments).port })
const apiPort = ports.PORT
const browser = await openBrowser([`--host-resolver-rules=MAP ${new URL(stack.api).host} 127.0.0.1:${apiPort}`])
const [passage = ''] = paidPassages(six.paid)

/** As the API answers to a bad token. */
const refuse = (route: Route) =>
  route.fulfill({
    status: 401,
    headers: { 'access-control-allow-origin': stack.site, 'content-type': 'application/json' },
    body: '{"errors":[{"message":"no","extensions":{"code":"UNAUTHENTICATED"}}]}',
  })

let api: ChildProcess | undefined
afterAll(() => void api?.kill('SIGKILL'))

async function startApi(): Promise<void> {
  api = fork(await serverBundle('main'), [], {
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env.PATH,
      ...ports,
      DATABASE_URL: stack.databaseUrl,
      AUTH_ISSUER: `${stack.identity}/`,
      AUTH0_AUDIENCE: 'https://api.gatepost.test',
      SITE_URL: stack.site,
      LOG_LEVEL: 'silent',
    },
  })
  await once(api, 'message')
}

async function killApi(): Promise<void> {
  if (!api) return
  const ended = once(api, 'exit')
  api.kill('SIGKILL')
  await ended
}

test('the API is killed and brought back while a page is open', async () => {
  await startApi()
  const { page } = await openPageAs(browser, 'subscriber')
  await page.goto('/')
  await signedIn(page)
  await killApi()

  // Another article, by the site's own links: its teaser is there, and the page says plainly what is not.
  await page.goto(`/articles/${six.paid}/`)
  await page.getByText('I read the other day some verses').waitFor()
  await page.getByRole('heading', { name: 'The rest of this article can’t be loaded right now' }).waitFor()
  expect(await page.getByRole('banner').locator('summary').innerText()).toContain('Sam Subscriber')

  await startApi()
  // Nobody presses anything.
  await page.locator('#rest').getByText(passage).waitFor({ timeout: 40_000 })
  expect(await page.getByRole('heading', { name: 'The rest of this article can’t be loaded right now' }).count()).toBe(
    0,
  )

  // What is being read stays when the API goes.
  const noticed = page.waitForEvent('requestfailed', (request) => request.url().startsWith(stack.api))
  await killApi()
  await noticed
  await drawn(page)
  expect(await page.locator('#rest').getByText(passage).count()).toBe(1)
  await startApi()
}, 180_000)

test('a bookmark that cannot be set says so, and is not lost', async () => {
  const { page } = await openPageAs(browser, 'patron')
  await page.goto(`/articles/${six.paid}/`)
  await page.locator('#rest').waitFor()
  await killApi()
  const button = page.getByRole('button', { name: 'Bookmark' })
  await button.click()
  await page.getByText('The bookmark was not changed. Try again in a moment.').waitFor()
  expect(await button.getAttribute('aria-pressed')).toBe('false')
  await startApi()
  await button.click()
  await page.locator('button[aria-pressed="true"]', { hasText: 'Bookmark' }).waitFor()
})

test('the identity provider is away: the page says so, and comes back when asked', async () => {
  const { page } = await openPageAs(browser, 'subscriber')
  await page.goto(`/articles/${six.paid}/`)
  await page.locator('#rest').waitFor()

  await page.route(`${stack.identity}/**`, (route) => route.abort('connectionrefused'))
  await page.reload()
  await page.getByText('The sign-in service is not responding, so you’re not signed in.').waitFor()
  await page.getByRole('heading', { name: 'The rest is for subscribers' }).filter({ visible: true }).waitFor()

  // To sign in is not possible either, and the page stays what it is.
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('banner').getByText('The sign-in service is not responding.').waitFor()
  expect(page.url()).toBe(`${stack.site}/articles/${six.paid}/`)

  await page.unroute(`${stack.identity}/**`)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.locator('#rest').getByText(passage).waitFor()
})

test('a token that is refused while reading is replaced once, unseen', async () => {
  const { page } = await openPageAs(browser, 'subscriber')
  await page.goto('/')
  await signedIn(page)
  const tokens: string[] = []
  await page.route(stack.api, async (route) => {
    const token = route.request().headers().authorization
    if (route.request().method() !== 'POST' || token === undefined) return route.continue()
    tokens.push(token)
    if (token !== tokens[0]) return route.continue()
    return refuse(route)
  })
  await page.getByRole('link', { name: 'essays', exact: true }).click()
  await page.getByRole('link', { name: 'Circles' }).click()
  await page.getByRole('button', { name: 'Bookmark' }).click()
  await page.locator('button[aria-pressed="true"]', { hasText: 'Bookmark' }).waitFor()
  expect(new Set(tokens).size).toBe(2)
})

test('a token that the API takes neither at first nor fresh: the page says whose fault it is, and does not ask on', async () => {
  const { page } = await openPageAs(browser, 'subscriber')
  await page.clock.install()
  await page.goto('/')
  // With all that this page asks: below, the next one's questions are counted.
  await settled(page, { member: true })
  let asked = 0
  await page.route(stack.api, (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    asked += 1
    return refuse(route)
  })
  await page.goto(`/articles/${six.paid}/`)
  await page.getByRole('heading', { name: 'Our server doesn’t accept this sign-in' }).waitFor()
  await page.clock.runFor(60_000)
  await settled(page)
  // Two questions, of the viewer and of the article, each with one fresh token.
  expect(asked).toBeLessThanOrEqual(4)
})

test('an API that asks to wait is asked again when it said', async () => {
  const { page } = await openPageAs(browser, 'reader')
  await page.goto('/')
  await signedIn(page)
  const asked: number[] = []
  await page.route(stack.api, (route) => {
    const isArticle = route.request().postData()?.includes('query Article(')
    if (!isArticle || asked.push(Date.now()) > 1) return route.continue()
    return route.fulfill({
      status: 429,
      headers: {
        'access-control-allow-origin': stack.site,
        'access-control-expose-headers': 'retry-after',
        'retry-after': '4',
        'content-type': 'application/json',
      },
      body: '{"errors":[{"message":"later","extensions":{"code":"RATE_LIMITED"}}]}',
    })
  })
  await page.goto(`/articles/${six.paid}/`)
  await page.getByRole('heading', { name: 'The rest of this article will take a moment' }).waitFor()
  await page.getByRole('heading', { name: 'This article is for subscribers' }).waitFor()
  expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(4_000)
})

test('a session that is over while reading takes no text away, and says what to do', async () => {
  const { page, context } = await openPageAs(browser, 'subscriber')
  await page.goto(`/articles/${six.paid}/`)
  await page.locator('#rest').getByText(passage).waitFor()
  await context.clearCookies({ name: /^gatepost_identity/ })
  // A day later the token is over, and the provider knows nobody.
  await page.route(stack.api, (route) => (route.request().method() === 'POST' ? refuse(route) : route.continue()))
  await page.getByRole('button', { name: 'Bookmark' }).click()
  await page.getByText('Your session has ended. You can finish reading this page.').waitFor()
  expect(await page.locator('#rest').getByText(passage).count()).toBe(1)
  // Another page of the site says the same, in the place of what it cannot fetch.
  await page
    .getByRole('navigation', { name: /Series/ })
    .getByRole('link', { name: /Next/ })
    .click()
  await page.getByRole('heading', { name: 'Your session has ended' }).waitFor()
  await page.goBack()
  await page.unroute(stack.api)
  await page.getByRole('button', { name: 'Sign in again' }).first().click()
  await page.locator('button[value="subscriber"]').click()
  await page.locator('#rest').getByText(passage).waitFor()
})
