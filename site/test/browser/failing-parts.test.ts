import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { root } from '../../../scripts/env.ts'
import { paidPassages, six } from './support/articles.ts'
import { openBrowser, openPage, openPageAs } from './support/browser.ts'
import { stack } from './support/stack.ts'

// Each part of a page is made to throw, in the very files that are served: what else is on the page stays.

const browser = await openBrowser()

interface Place {
  readonly address: string
  readonly persona?: string
  /** Text that is still there when the part has failed. */
  readonly stays: string
}

const article = `/articles/${six.public}/`
const account = { address: '/account/', persona: 'subscriber' }
const failed = 'This part couldn’t be shown'

const places: Readonly<Record<string, Place>> = {
  'account-page': { ...account, stays: failed },
  'account-plan': { ...account, stays: 'Profile' },
  'account-payments': { ...account, stays: 'Profile' },
  'account-gifts': { ...account, stays: 'Profile' },
  'account-bookmarks': { ...account, stays: 'Profile' },
  receipts: { address: '/account/receipts/', persona: 'subscriber', stays: failed },
  ping: { address: '/ping/', stays: failed },
  desk: { address: '/desk/', stays: failed },
  callback: { address: '/callback/', stays: failed },
}
/** On an article everything that was built stays. */
const placeOf = (name: string): Place => places[name] ?? { address: article, stays: paidPassages(six.public)[0] ?? '-' }

/** The names of all parts, as the sources have them. */
function namesInSources(): string[] {
  const folder = path.join(root, 'site/src')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tsx'))
  return files
    .flatMap((file) => [
      ...readFileSync(path.join(folder, file), 'utf8').matchAll(/\bpart<[^(]*>\(\w+\)\(\s*'([\w-]+)'/g),
    ])
    .map(([, name = '']) => name)
    .sort()
}

const pages = new Map<string, Promise<Page>>()

/** One page for each person, kept for all the parts that they see fail. */
function pageOf(persona = 'nobody'): Promise<Page> {
  const opened = pages.get(persona) ?? open(persona)
  pages.set(persona, opened)
  return opened
}

async function open(persona: string): Promise<Page> {
  const { page } = await (persona === 'nobody' ? openPage(browser) : openPageAs(browser, persona))
  return page
}

/**
 * Puts a component that throws in the place of the part's own.
 *
 * @returns how often the name was found, by script: the name of a part is that of no element and no field
 */
async function breakPart(page: Page, name: string): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>()
  await page.route(/\.js$/, async (route) => {
    const response = await route.fetch()
    const script = await response.text()
    const count = script.split(`("${name}",`).length - 1
    if (count > 0) found.set(route.request().url(), count)
    const thrower = '()=>{window.threw=true;throw new Error("planted")}'
    await route.fulfill({ response, body: script.replaceAll(`("${name}",`, `("${name}",${thrower},`) })
  })
  return found
}

test('there are parts, and each has one name', () => {
  const names = namesInSources()
  expect(names).toEqual([...new Set(names)])
  expect(names.length).toBeGreaterThan(20)
  expect(Object.keys(places).filter((name) => !names.includes(name))).toEqual([])
})

describe.each(namesInSources())('%s', (name) => {
  test('takes nothing but itself away', async () => {
    const { address, persona, stays } = placeOf(name)
    const page = await pageOf(persona)
    const found = await breakPart(page, name)
    await page.goto(address)
    await page.waitForFunction(() => (window as { threw?: true }).threw)
    expect([...found.values()]).toEqual([1])
    await page.getByText(stays).filter({ visible: true }).first().waitFor()
    // The frame of the page is there too, with its ways on.
    expect(await page.getByRole('banner').getByRole('link', { name: 'Gatepost' }).count()).toBe(1)
    expect(await page.getByRole('heading', { level: 1 }).or(page.getByText(failed)).count()).toBeGreaterThan(0)
    await page.unrouteAll()
  })
})

test('after a part has failed, the next page is whole', async () => {
  const { page } = await openPage(browser)
  await breakPart(page, 'article-screen')
  await page.goto(article)
  await page.getByText(failed).waitFor()
  await page.getByRole('banner').getByRole('link', { name: 'Plans' }).click()
  await page.getByRole('heading', { level: 1, name: 'Plans' }).waitFor()
  expect(await page.getByText(failed).count()).toBe(0)
})

test('without the browser’s cryptography all that is public stays, and signing in says why it cannot work', async () => {
  const { page, complaints } = await openPage(browser)
  await page.addInitScript(() => {
    Object.defineProperty(crypto, 'subtle', { value: undefined })
    Object.defineProperty(window, 'isSecureContext', { value: false })
  })
  await page.goto(article)
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Signing in needs a secure connection. Open this site at its https:// address.').waitFor()
  expect(await page.getByText(paidPassages(six.public)[0] ?? '-').count()).toBe(1)
  for (const [address, shows] of [
    [`/articles/${six.paid}/`, 'The rest is for subscribers'],
    ['/plans/', '€5'],
    ['/account/', 'Sign in first'],
    ['/callback/', 'Nothing to do here'],
    ['/', 'Latest'],
  ] as const) {
    await page.goto(address)
    await page.getByText(shows).filter({ visible: true }).first().waitFor()
  }
  expect(complaints).toEqual([])
  expect(page.url()).toBe(`${stack.site}/`)
})
