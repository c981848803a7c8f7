import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { prepareArticle, publishArticle } from '../../../server/src/content/publishing/index.ts'
import { connectDatabase } from '../../../server/src/db/index.ts'
import { openBrowser, openPage } from './support/browser.ts'
import { stack } from './support/stack.ts'

// What was published after the build, as a link-preview robot and a reader without scripts meet it.

const db = connectDatabase({ url: stack.databaseUrl, poolMax: 2, onConnectionLost: () => undefined })
afterAll(() => db.$disconnect())
const browser = await openBrowser(['--blink-settings=scriptEnabled=false'])

const title = 'News & <script>alert("x")</script> "quoted"'

async function publish(slug: string, visibility: string): Promise<void> {
  const source = `---
title: ${JSON.stringify(title)}
slug: ${slug}
excerpt: 'A <b>bold</b> "excerpt"'
author: Late Writer
series: Late news
tags: [lateness]
visibility: ${visibility}
status: published
publishedAt: 2026-11-01T07:00:00Z
---

The open words of ${slug}.

<!--more-->

The closed words of ${slug}.
`
  const article = prepareArticle(`${slug}.md`, Buffer.from(source))
  if ('problems' in article) throw new Error(JSON.stringify(article.problems))
  await publishArticle(db, article, new Date())
}

beforeAll(async () => {
  await publish('late-paid', 'paid')
  await publish('late-public', 'public')
})

async function ask(address: string) {
  const response = await fetch(stack.site + address)
  return { status: response.status, headers: response.headers, html: await response.text() }
}

/** The head of a page, by name. */
function headOf(html: string) {
  const one = (pattern: RegExp) => [...html.matchAll(pattern)].map(([, value]) => value)
  return {
    title: one(/<title[^>]*>([^<]*)/g),
    description: one(/<meta[^>]*name="description"[^>]*content="([^"]*)"/g),
    canonical: one(/<link[^>]*rel="canonical"[^>]*href="([^"]*)"/g),
    url: one(/<meta[^>]*property="og:url"[^>]*content="([^"]*)"/g),
    robots: one(/<meta[^>]*name="robots"[^>]*content="([^"]*)"/g),
  }
}

test.each(['late-paid', 'late-public'])('%s has its true head, its preview and 200', async (slug) => {
  const { status, headers, html } = await ask(`/articles/${slug}/`)
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  const address = `${stack.site}/articles/${slug}/`
  expect(headOf(html)).toEqual({
    title: ['News &amp; &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &quot;quoted&quot; – Gatepost'],
    description: ['A &lt;b&gt;bold&lt;/b&gt; &quot;excerpt&quot;'],
    canonical: [address],
    url: [address],
    robots: [],
  })
  expect(html).toContain(`The open words of ${slug}.`)
  expect(html).not.toContain('<script>alert')
  // Of what is locked, nothing: neither in the page nor in its data.
  const data = await ask(`/page-data/articles/${slug}/page-data.json`)
  expect([data.status, data.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
  for (const text of [html, data.html])
    expect(text.includes(`The closed words of ${slug}.`)).toBe(slug === 'late-public')
})

test.each(['/tags/lateness/', '/authors/late-writer/', '/series/late-news/'])('%s is a page', async (address) => {
  const { status, html } = await ask(address)
  expect([status, headOf(html).canonical, headOf(html).robots]).toEqual([200, [stack.site + address], []])
  expect(html).toContain('2 articles')
})

test.each([
  '/articles/never-was/',
  '/tags/never-was/',
  '/authors/never-was/',
  '/series/never-was/',
  '/tags/essays/page/9/',
])('%s is told to robots as not found', async (address) => {
  const { status, html } = await ask(address)
  expect([status, headOf(html).robots, headOf(html).canonical]).toEqual([404, ['noindex'], []])
})

test('without JavaScript its beginning is read like that of any other', async () => {
  const { page } = await openPage(browser, { viewport: { width: 360, height: 740 } })
  const answer = await page.goto('/articles/late-paid/')
  expect(answer?.status()).toBe(200)
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(title)
  expect(await page.getByText('The open words of late-paid.').isVisible()).toBe(true)
  expect(await page.getByRole('region', { name: 'Why the rest is locked' }).isVisible()).toBe(true)
  await page.goto('/articles/never-was/')
  expect(await page.getByRole('heading', { level: 1 }).filter({ visible: true }).innerText()).toBe('Page not found')
})

test('the page for hosts that cannot ask says nothing false without JavaScript', async () => {
  const { page } = await openPage(browser, { viewport: { width: 360, height: 740 } })
  await page.goto('/unbuilt/')
  expect(await page.title()).toBe('Gatepost')
  expect(await page.getByRole('heading', { level: 1 }).filter({ visible: true }).innerText()).toBe(
    'This page needs JavaScript',
  )
})
