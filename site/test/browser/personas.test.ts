import { describe, expect, test } from '@jest/globals'
import { paidPassages, six, type Kind } from './support/articles.ts'
import { isLive, keptInBrowser, openBrowser, openPage, openPageAs, signIn } from './support/browser.ts'

/** What stands below the preview: the text, or the title of the paywall. */
const open = 'open'
const account = 'Keep reading with a free account'
const members = 'The rest is for subscribers'
const noPlan = 'This article is for subscribers'
const ended = 'Your plan has ended'
const unpaid = 'Your last payment failed'
const disabled = 'This account is disabled'

const kinds = Object.keys(six) as Kind[]
const table: Readonly<Record<string, readonly string[]>> = {
  //          public members  paid      supporter patron   both
  nobody: [open, account, members, members, members, members],
  reader: [open, open, noPlan, noPlan, noPlan, noPlan],
  subscriber: [open, open, open, open, noPlan, open],
  patron: [open, open, open, open, open, open],
  lapsed: [open, open, ended, ended, noPlan, ended],
  pastdue: [open, open, unpaid, unpaid, noPlan, unpaid],
  disabled: [open, disabled, disabled, disabled, disabled, disabled],
  editor: [open, open, open, open, open, open],
}

const steps: Readonly<Record<string, readonly string[]>> = {
  [account]: ['Sign in or create an account'],
  [members]: ['Sign in', 'See plans'],
  [noPlan]: ['Choose a plan'],
  [ended]: ['Subscribe again'],
  [unpaid]: ['Update payment'],
  [disabled]: ['Use another account'],
}

const browser = await openBrowser()

describe.each(Object.keys(table))('%s', (persona) => {
  test('opens and locks the six kinds of article in the right words', async () => {
    const opened = persona === 'nobody' ? openPage(browser) : openPageAs(browser, persona)
    const { page, context, complaints } = await opened
    for (const [index, kind] of kinds.entries()) {
      await page.goto(`/articles/${six[kind]}/`)
      const wanted = table[persona]?.[index] ?? ''
      const [passage = ''] = paidPassages(six[kind])
      if (wanted === open) {
        await page.locator('#rest').getByText(passage).waitFor()
        expect(await page.getByRole('region', { name: 'Why the rest is locked' }).count()).toBe(0)
      } else {
        const card = page.getByRole('region', { name: 'Why the rest is locked' }).filter({ visible: true })
        await card.getByRole('heading', { name: wanted }).waitFor()
        // One next step; beside it, for who is nobody yet, what it would cost.
        const offered = card.locator('button, a').filter({ visible: true })
        expect(await offered.allInnerTexts()).toEqual(steps[wanted])
        expect(await page.content()).not.toContain(passage)
      }
    }
    expect(complaints).toEqual([])
    await context.close()
  })
})

test('nothing of a signed-in person is kept in the browser, and a reload keeps the session', async () => {
  const { page, context } = await openPage(browser)
  await page.goto(`/articles/${six.paid}/`)
  await signIn(page, 'subscriber')
  await page.locator('#rest').waitFor()
  const mark = {
    'auth0.gatepost-site.is.authenticated': 'true',
    '_legacy_auth0.gatepost-site.is.authenticated': 'true',
  }
  const nothing = { localStorage: {}, sessionStorage: {}, databases: {}, caches: {} }
  expect(await keptInBrowser(page)).toEqual({ ...nothing, cookies: mark })

  await page.getByRole('button', { name: 'Theme: system' }).click()
  await page.reload()
  await page.locator('#rest').waitFor()
  expect(await page.getByRole('banner').locator('summary').innerText()).toContain('Sam Subscriber')
  expect(await keptInBrowser(page)).toEqual({ ...nothing, localStorage: { 'gatepost-look': 'light 0' }, cookies: mark })
  // All that is kept, also where a script cannot look: the site itself has no cookie of its own.
  const { cookies } = await context.storageState()
  expect(
    cookies
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('gatepost_identity_'))
      .sort(),
  ).toEqual(Object.keys(mark).sort())
})

test('signing in leads back to the page and the place', async () => {
  const { page } = await openPage(browser)
  await page.goto(`/articles/${six.paid}/?from=test#x`)
  await isLive(page)
  await page.evaluate(() => window.scrollTo(0, 700))
  await page
    .locator('[aria-label="Why the rest is locked"]')
    .getByRole('button', { name: 'Sign in' })
    .evaluate((button) => {
      // As the keyboard does: without scrolling to it.
      ;(button as HTMLButtonElement).click()
    })
  await page.waitForURL(/sign-in/)
  await page.locator('button[value="patron"]').click()
  await page.locator('#rest').waitFor()
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(`/articles/${six.paid}/?from=test`)
  await page.waitForFunction(() => Math.abs(window.scrollY - 700) < 5)
})
