import { expect, test } from '@jest/globals'
import { six } from './support/articles.ts'
import { choose, newPage, openBrowser, openPage, settled } from './support/browser.ts'
import { stack } from './support/stack.ts'

// The site under another host name than the identity provider's: its silent frame is then a third party's, without cookies.
const browser = await openBrowser(['--test-third-party-cookie-phaseout'])

test('a reload ends signed in, by one visit to the provider itself', async () => {
  const { page, complaints } = await openPage(browser, { baseURL: stack.elsewhere })
  await page.goto(`/articles/${six.paid}/`)
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await choose(page, 'subscriber')
  await page.locator('#rest').waitFor()

  const asked: string[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.pathname === '/authorize')
      asked.push(request.isNavigationRequest() && !request.frame().parentFrame() ? 'page' : 'frame')
  })
  await page.evaluate(() => window.scrollTo(0, 4_000))
  await page.waitForFunction(() => (history.state as { place?: number } | null)?.place === 4_000)
  for (const round of [1, 2]) {
    await page.reload()
    await page.locator('#rest').waitFor()
    // The reader’s place travels with the visit.
    await page.waitForFunction(() => window.scrollY === 4_000)
    // The frame was refused, then the page itself went, once.
    expect(asked).toEqual(Array.from({ length: round }, () => ['frame', 'page']).flat())
    expect(new URL(page.url()).href).toBe(`${stack.elsewhere}/articles/${six.paid}/`)
  }
  // The provider's refusal in the frame is an HTTP 400; nothing else is to be complained of.
  expect(complaints.filter((text) => !text.includes('status of 400'))).toEqual([])
})

test('somebody whose session is over is asked for once, and stays where they are', async () => {
  const { page, context } = await openPage(browser, { baseURL: stack.elsewhere })
  await page.goto(`/articles/${six.paid}/`)
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await choose(page, 'subscriber')
  await page.locator('#rest').waitFor()
  await context.clearCookies({ name: /^gatepost_identity/ })

  const asked: string[] = []
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/authorize') asked.push(request.url())
  })
  await page.reload()
  await page.getByRole('heading', { name: 'The rest is for subscribers' }).filter({ visible: true }).waitFor()
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
  expect(asked).toHaveLength(2)
  expect(page.url()).toBe(`${stack.elsewhere}/articles/${six.paid}/`)

  // The next page asks nobody: the mark is gone.
  await page.reload()
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
  expect(asked).toHaveLength(2)
})

test('a second tab keeps what it shows while the first is loaded anew', async () => {
  const { page: first, context } = await openPage(browser, { baseURL: stack.elsewhere })
  await first.goto(`/articles/${six.paid}/`)
  await first.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await choose(first, 'subscriber')
  const { page: second } = await newPage(context)
  await second.goto(`/articles/${six.members}/`)
  await second.locator('#rest').waitFor()
  await first.reload()
  await first.locator('#rest').waitFor()
  // The tabs hear each other in the order in which they speak.
  await second.evaluate(() => {
    const heard = new Promise((done) => new BroadcastChannel('gatepost-session').addEventListener('message', done))
    Object.assign(window, { heard })
  })
  await first.evaluate(() => new BroadcastChannel('gatepost-session').postMessage('a test'))
  await second.evaluate(() => (window as unknown as { heard: Promise<unknown> }).heard.then(() => true))
  await settled(second)
  expect(await second.locator('#rest').count()).toBe(1)
  // And the first stays signed in after the next reload too.
  await first.reload()
  await first.locator('#rest').waitFor()
})
