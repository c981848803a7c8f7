import { expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { paidPassages, six } from './support/articles.ts'
import { newPage, openBrowser, openPage, openPageAs, settled, signedIn, signIn, signOut } from './support/browser.ts'
import { stack } from './support/stack.ts'

const browser = await openBrowser()
const [passage = ''] = paidPassages(six.paid)

/** What a page asks the API for, and as whom. */
function listenToApi(page: Page): { subject: string | null; body: string }[] {
  const asked: { subject: string | null; body: string }[] = []
  page.on('request', (request) => {
    if (request.url() !== stack.api || request.method() !== 'POST') return
    const token = request.headers().authorization?.replace('Bearer ', '')
    asked.push({ subject: token ? subjectOf(token) : null, body: request.postData() ?? '' })
  })
  return asked
}

function subjectOf(token: string): string {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string }
  return claims.sub
}

/** Whether a text is anywhere in the memory of the page: its DOM, Apollo's cache, React's state, closures. */
async function isInMemory(page: Page, text: string): Promise<boolean> {
  const session = await page.context().newCDPSession(page)
  const chunks: string[] = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => void chunks.push(chunk))
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await session.detach()
  return chunks.join('').includes(JSON.stringify(text).slice(1, -1))
}

test('one after another in the same tab: nothing of the first is left', async () => {
  const { page } = await openPage(browser)
  await page.goto(`/articles/${six.paid}/`)
  await signIn(page, 'subscriber')
  await page.locator('#rest').getByText(passage).waitFor()

  await signOut(page)
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
  await page.waitForURL(`${stack.site}/`)
  const asked = listenToApi(page)
  await page.getByRole('link', { name: 'essays', exact: true }).click()
  await page.waitForURL('**/tags/essays/')
  await signIn(page, 'reader')
  await page.goto(`/articles/${six.paid}/`)
  await page.getByRole('heading', { name: 'This article is for subscribers' }).waitFor()

  // What is in memory is looked at in the second tab, below: this one has another document by now.
  expect(await page.content()).not.toMatch(/Sam Subscriber|auth0\|subscriber/)
  expect(asked.map(({ subject }) => subject)).not.toContain('auth0|subscriber')
  expect(asked.map(({ subject }) => subject)).toContain('auth0|reader')
})

test('a second tab follows the sign-out, without a reload, and then the next person', async () => {
  const { page: first, context } = await openPage(browser)
  await first.goto(`/articles/${six.paid}/`)
  await signIn(first, 'subscriber')
  const { page: second } = await newPage(context)
  await second.goto(`/articles/${six.paid}/`)
  await second.locator('#rest').getByText(passage).waitFor()
  expect(await isInMemory(second, passage)).toBe(true)
  let loads = 0
  second.on('load', () => (loads += 1))
  const asked = listenToApi(second)

  await signOut(first)
  await second.getByRole('heading', { name: 'The rest is for subscribers' }).filter({ visible: true }).waitFor()
  await second.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
  expect(await second.content()).not.toContain(passage)
  expect(await second.content()).not.toContain('Sam Subscriber')

  await first.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
  await signIn(first, 'reader')
  await second.getByRole('heading', { name: 'This article is for subscribers' }).waitFor()
  expect(loads).toBe(0)
  expect(await second.content()).not.toMatch(/Sam Subscriber|auth0\|subscriber/)
  expect(await isInMemory(second, passage)).toBe(false)
  expect(asked.map(({ subject }) => subject)).not.toContain('auth0|subscriber')
})

test('a sign-out that overtakes a page that is still asking who reads is not lost', async () => {
  const { page: first, context } = await openPageAs(browser, 'subscriber')
  await first.goto(`/articles/${six.paid}/`)
  await signedIn(first)
  const { page: second } = await newPage(context)
  // The silent sign-in of the second tab takes a while.
  let answer: () => void = () => undefined
  const held = new Promise<void>((resolve) => (answer = resolve))
  await second.route(`${stack.identity}/oauth/token`, async (route) => {
    await held
    await route.continue()
  })
  await second.goto(`/articles/${six.paid}/`)
  await second.waitForRequest(`${stack.identity}/oauth/token`)
  await signOut(first)
  await first.waitForURL(`${stack.site}/`)
  const late = second.waitForResponse(`${stack.identity}/oauth/token`)
  answer()
  await (await late).finished()
  await second.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
  // Whoever is signed in asks the API at once.
  await settled(second)
  expect(await second.content()).not.toMatch(/Sam Subscriber/)
  expect(await second.content()).not.toContain(passage)
})

test('the back button shows nothing of who has left', async () => {
  const { page } = await openPage(browser)
  await page.goto(`/articles/${six.paid}/`)
  await signIn(page, 'subscriber')
  await page.locator('#rest').getByText(passage).waitFor()
  await signOut(page)
  await page.waitForURL(`${stack.site}/`)
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
  await page.goBack()
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
  expect(await page.content()).not.toContain(passage)
})
