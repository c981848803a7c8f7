import { expect, test } from '@jest/globals'
import { openBrowser, openPage, openPageAs, signIn } from './support/browser.ts'
import { stack } from './support/stack.ts'

const browser = await openBrowser()

test('ping shows the answer, the counters and the token’s claims, never the token', async () => {
  const { page } = await openPage(browser)
  let token = ''
  page.on('request', (request) => {
    token = request.headers().authorization?.replace('Bearer ', '') ?? token
  })
  await page.goto('/ping/')
  await signIn(page, 'subscriber')
  const calls = () => page.locator('dd').first().innerText()
  await page.getByRole('button', { name: 'Ping' }).click()
  await page.getByText('Sam Subscriber', { exact: false }).and(page.locator('p')).last().waitFor()
  const before = Number(await calls())
  await page.getByRole('button', { name: 'Ping' }).click()
  await page.waitForFunction((count) => Number(document.querySelector('dd')?.textContent) === count, before + 1)
  expect(await page.getByRole('region', { name: 'The response as JSON' }).innerText()).toContain('"callsByEveryone"')
  const claims = await page.getByRole('region', { name: 'The token’s claims as JSON' }).innerText()
  expect(JSON.parse(claims)).toMatchObject({ sub: 'auth0|subscriber', iss: `${stack.identity}/` })
  const left = () => page.getByText('Time left').innerText()
  const first = await left()
  expect(first).toMatch(/^Time left: \d+:\d\d:\d\d$/)
  await page.getByText(first, { exact: true }).waitFor({ state: 'detached' })
  expect(await left()).toMatch(/^Time left: \d+:\d\d:\d\d$/)
  expect(token.length).toBeGreaterThan(100)
  expect(await page.content()).not.toContain(token.split('.')[2] ?? 'no signature')
})

test('the desk opens to write:articles alone, and says what is missing', async () => {
  const { page } = await openPage(browser)
  await page.goto('/desk/')
  await page.getByRole('heading', { name: 'Sign in first' }).waitFor()
  await signIn(page, 'patron')
  await page.getByText('You need the permission write:articles').waitFor()
  expect(await page.getByRole('article').count()).toBe(0)

  const { page: editors } = await openPageAs(browser, 'editor')
  await editors.goto('/desk/')
  await editors.getByRole('article').first().waitFor()
  await editors.getByRole('button', { name: 'Show more' }).click()
  await editors.waitForFunction(() => document.querySelectorAll('article').length > 20)
})

test.each([
  ['reader', 'You don’t have a plan.'],
  ['subscriber', 'Active since'],
  ['lapsed', 'Ended on'],
  ['pastdue', 'The last payment failed.'],
  ['disabled', 'This account is disabled'],
])('the account of %s says: %s', async (persona, words) => {
  const { page, context } = await openPageAs(browser, persona)
  await page.goto('/account/')
  await page.getByText(words).waitFor()
  await context.close()
})

test('plans marks the one that is held', async () => {
  const { page } = await openPageAs(browser, 'patron')
  await page.goto('/plans/')
  await page.getByText('Your plan').waitFor()
  expect(await page.getByRole('listitem').filter({ hasText: 'Your plan' }).getByRole('heading').innerText()).toBe(
    'Patron',
  )
})
