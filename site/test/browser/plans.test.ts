import { expect, test } from '@jest/globals'
import { choose, openBrowser, openPage, signInAs } from './support/browser.ts'
import { fillInCard, payByCard } from './support/payments.ts'
import { stack } from './support/stack.ts'

const browser = await openBrowser()

test('a plan that was chosen before signing in leads on to its checkout, and then to something to read', async () => {
  const { page } = await openPage(browser)
  await page.goto('/plans/')
  await page.getByRole('button', { name: 'Choose Patron' }).click()
  await page.waitForURL((url) => url.origin === stack.identity)
  await page.getByLabel('Name').fill('chose-first')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL((url) => url.origin === stack.payments)
  await page.getByText('Patron').first().waitFor()
  await payByCard(page)
  const main = page.getByRole('main')
  await main.getByRole('status').getByText('Welcome. You now have Patron.').waitFor()
  // It is said once.
  expect(await page.getByText('You now have Patron').count()).toBe(1)
  await main.getByRole('link', { name: 'Read the latest articles' }).click()
  await page.waitForURL(`${stack.site}/`)
  await main.getByText('Open to you').first().waitFor()
  expect(await main.getByText('For subscribers').count()).toBe(0)
})

test('who holds a plan already is not sent to a checkout by it', async () => {
  const { page } = await openPage(browser)
  await page.goto('/plans/')
  await page.getByRole('button', { name: 'Choose Supporter' }).click()
  await choose(page, 'subscriber')
  await page.getByRole('main').getByText('Your plan').first().waitFor()
  expect(new URL(page.url()).origin).toBe(stack.site)
})

test('the code of a gift stands on the page, not in a notice that goes', async () => {
  const { page } = await openPage(browser)
  await page.goto('/plans/')
  await signInAs(page, 'gives')
  await page.getByRole('button', { name: /^Give Supporter:.*month/ }).click()
  await fillInCard(page)
  await page.getByRole('button', { name: 'Pay', exact: true }).click()
  await page.waitForURL((url) => url.origin === stack.site)
  const news = page.locator('[data-news]')
  await news.getByText('Thank you. The code for Supporter').waitFor()
  expect(await news.locator('code').count()).toBe(0)
  await news.getByRole('link', { name: 'See the code' }).click()
  const code = page.getByRole('main').locator('code', { hasText: 'GIFT-' })
  await code.waitFor()
  await page.waitForFunction(() => window.scrollY > 0)
  await news.getByRole('button', { name: 'Close' }).click()
  await news.waitFor({ state: 'detached' })
  expect(await code.isVisible()).toBe(true)
})
