import { expect, test } from '@jest/globals'
import { paidPassages, six } from './support/articles.ts'
import { openBrowser, openPage } from './support/browser.ts'

// As in a browser where somebody switched it off. Playwright's own switch leaves `noscript` unread.
const browser = await openBrowser(['--blink-settings=scriptEnabled=false'])
const { page } = await openPage(browser, { viewport: { width: 360, height: 740 } })

test('the front page lists the latest, with series, authors and tags to walk by, and further pages', async () => {
  await page.goto('/')
  expect(await page.getByRole('article').count()).toBe(20)
  await page.getByRole('link', { name: 'Older' }).click()
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('All articles, page 2')
  await page.goto('/')
  for (const [link, title] of [
    ['Heretics', 'Heretics'],
    ['G. K. Chesterton', 'G. K. Chesterton'],
    ['philosophy', 'philosophy'],
  ]) {
    await page.goto('/')
    await page
      .getByRole('complementary')
      .getByRole('link', { name: link ?? '', exact: true })
      .click()
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(title)
    expect(await page.getByRole('article').count()).toBe(20)
  }
})

test('a PUBLIC article is there whole', async () => {
  await page.goto(`/articles/${six.public}/`)
  for (const passage of paidPassages(six.public)) expect(await page.getByText(passage).count()).toBe(1)
  expect(await page.getByRole('region', { name: /locked/ }).count()).toBe(0)
})

test.each([
  [six.members, 'Keep reading with a free account'],
  [six.paid, 'The rest is for subscribers'],
])('a locked one has its teaser and a paywall that says what to do: %s', async (slug, title) => {
  await page.goto(`/articles/${slug}/`)
  const card = page.getByRole('region', { name: 'Why the rest is locked' })
  expect(await card.getByRole('heading').innerText()).toBe(title)
  expect(await card.innerText()).toContain('Turn it on for this site, then reload this page')
  // Nothing is offered that would do nothing.
  expect(await page.getByRole('button').filter({ visible: true }).count()).toBe(0)
})

test.each(['/account/', '/ping/', '/desk/', '/callback/'])('%s says that it needs JavaScript', async (address) => {
  await page.goto(address)
  expect(await page.getByRole('main').innerText()).toContain('JavaScript. Turn it on for this site')
})

test('the plans are there with their prices', async () => {
  await page.goto('/plans/')
  expect(await page.getByText('€5', { exact: true }).isVisible()).toBe(true)
  expect(await page.getByText('Includes Supporter.', { exact: true }).isVisible()).toBe(true)
})

test('an address that is nowhere says so', async () => {
  const answer = await page.goto('/nowhere/')
  expect(answer?.status()).toBe(404)
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Page not found')
})
