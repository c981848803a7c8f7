import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { six } from './support/articles.ts'
import { openBrowser, openPage, openPageAs, until } from './support/browser.ts'
import { stack } from './support/stack.ts'

const browser = await openBrowser()

const hostile =
  '<script>window.pwned="script"</script><img src="x" onerror="window.pwned=\'handler\'">' +
  '<a id="trap" href="javascript:window.pwned=\'link\'">trap</a><iframe srcdoc="<script>parent.pwned=1</script>"></iframe>' +
  '<form action="https://evil.example/"><button id="send">send</button></form><base href="https://evil.example/">'

test('a script that slipped past the sanitiser does not run: in a text from the API', async () => {
  const { page, complaints } = await openPageAs(browser, 'subscriber')
  await page.route(stack.api, async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    const response = await route.fetch()
    const answer = (await response.json()) as { data?: { article?: { body?: { rest: string } } } }
    if (answer.data?.article?.body) answer.data.article.body.rest += `<div id="planted">${hostile}</div>`
    return route.fulfill({ response, json: answer })
  })
  await page.goto(`/articles/${six.paid}/`)
  await page.locator('#planted').waitFor()
  await page.locator('#trap').click()
  await until(() => complaints.some((text) => text.includes('JavaScript URL')))
  expect(await page.evaluate(() => (window as { pwned?: string }).pwned)).toBeUndefined()
  expect(complaints.filter((text) => /Content Security Policy/.test(text)).length).toBeGreaterThan(1)
  expect(page.url()).toContain(stack.site)
})

test('a script that slipped past the sanitiser does not run: in a built page', async () => {
  const { page, complaints } = await openPage(browser)
  const html = await readFile(path.join(stack.built, 'articles', six.public, 'index.html'), 'utf8')
  const address = `${stack.site}/articles/${six.public}/`
  await page.route(address, async (route) => {
    const response = await route.fetch()
    return route.fulfill({ response, body: html.replace('</article>', `${hostile}</article>`) })
  })
  // Until its frame and its image were loaded, or refused.
  await page.goto(address, { waitUntil: 'load' })
  expect(await page.evaluate(() => (window as { pwned?: string }).pwned)).toBeUndefined()
  expect(complaints.filter((text) => /Content Security Policy/.test(text)).length).toBeGreaterThan(1)
})

test('without the policy the same script would run', async () => {
  const { page } = await openPage(browser, { bypassCSP: true })
  const address = `${stack.site}/articles/${six.public}/`
  await page.route(address, async (route) => {
    const response = await route.fetch()
    return route.fulfill({ response, body: (await response.text()).replace('</article>', `${hostile}</article>`) })
  })
  await page.goto(address)
  await page.waitForFunction(() => (window as { pwned?: string }).pwned !== undefined)
})

test.each(['/', `/articles/${six.paid}/`, '/plans/', '/account/', '/callback/', '/nowhere/'])(
  'every answer has the headers: %s',
  async (address) => {
    const { headers } = await fetch(stack.site + address)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/default-src 'none'.*script-src 'self' 'sha256-.*frame-ancestors 'none'/)
    expect(policy).not.toMatch(/unsafe|\*/)
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
  },
)
