import { readFileSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import type { Response } from 'playwright-core'
import { lockedSlugs, paidPassages, six } from './support/articles.ts'
import { addSession, openBrowser, openPage, settled, signIn, until } from './support/browser.ts'
import { stack } from './support/stack.ts'

// No paid text where it may not be: in the files of the built site, in a locked page, in what the browser received for it.

const browser = await openBrowser()
const passages = lockedSlugs().flatMap((slug) => paidPassages(slug))
const plain = (text: string) =>
  text
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('\\n', ' ')
    .replaceAll(/\s+/g, ' ')
const leaksIn = (text: string) => {
  const readable = plain(text)
  return passages.filter((passage) => readable.includes(passage))
}

async function leakingFiles(folder: string): Promise<string[]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  return files
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => leaksIn(readFileSync(file, 'utf8')).length > 0)
}

test('there are passages to look for, of every locked article', () => {
  expect(lockedSlugs().length).toBe(48)
  expect(passages.length).toBeGreaterThan(100)
})

test('no file of the built site has paid text; a planted one is found', async () => {
  expect(await leakingFiles(stack.built)).toEqual([])
  // Beside what pages load: other tests read the same site.
  const file = path.join(stack.built, 'page-data/planted.json')
  try {
    await writeFile(file, `{"rest":"<p>${passages[0]}</p>"}`)
    expect(await leakingFiles(stack.built)).toEqual([file])
  } finally {
    await rm(file, { force: true })
  }
})

test('neither the page of a locked article nor what came for it has paid text; a planted answer is found', async () => {
  const { page } = await openPage(browser)
  const received: string[] = []
  const unread = new Set<Response>()
  page.on('response', (response) => {
    // A stream has no end.
    if (!response.url().endsWith('/graphql/stream')) unread.add(response)
    void response
      .text()
      .then(
        (text) => received.push(text),
        () => undefined,
      )
      .finally(() => unread.delete(response))
  })
  const allIsRead = () => until(() => unread.size === 0)
  await page.goto('/')
  for (const persona of ['reader', null, 'lapsed', 'disabled']) {
    await page.context().clearCookies()
    // Once by the front page and the sign-in pages: what comes on that way is looked through, too.
    if (persona === 'reader') await signIn(page, persona)
    else if (persona) await addSession(page.context(), persona)
    await page.goto(`/articles/${six.paid}/`)
    await page.getByRole('region', { name: 'Why the rest is locked' }).filter({ visible: true }).waitFor()
    await settled(page, { member: persona !== null })
    expect(leaksIn(await page.content())).toEqual([])
  }
  await allIsRead()
  expect(received.some((text) => text.includes('PLAN_REQUIRED'))).toBe(true)
  expect(received.flatMap(leaksIn)).toEqual([])

  await page.context().clearCookies()
  await addSession(page.context(), 'subscriber')
  await page.goto(`/articles/${six.paid}/`)
  await page.locator('#rest').waitFor()
  await allIsRead()
  expect(received.flatMap(leaksIn).length).toBeGreaterThan(0)
  expect(leaksIn(await page.content()).length).toBeGreaterThan(0)
  // Five people sign in, one after the other.
}, 180_000)

test('neither a token nor paid text is in a log', async () => {
  const log = await readFile(stack.log, 'utf8')
  expect(log).toContain('"msg":"request"')
  expect(leaksIn(log)).toEqual([])
  expect(log).not.toMatch(/eyJ[\w-]{10,}\.eyJ/)
})
