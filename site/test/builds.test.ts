import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { findPage, unbuiltAddressOf } from '../../scripts/local/site/unbuilt/find-page.ts'
import { openPageRenderer, pageDataOf } from '../../scripts/local/site/unbuilt/page-renderer.ts'
import { buildSite, runBuild, SiteBuildError } from '../../scripts/site/build-site.ts'
import { archiveSize, pagesOf } from '../gatsby/pages.ts'
import { freePort } from '../../server/test/support/free-ports.mjs'
import { digestOf, inlineScripts, inlineStyles, listedAddresses, lookAt, type BuiltSite } from './support/built-site.ts'
import { named, startPublicationApi, testArticle, testPlan, type PublicationApi } from './support/publication-api.ts'
import { copySite } from './support/site-copy.ts'

// The real Gatsby, in one folder, from one publication to the next: what one build leaves must not be in the site of the
// following. So the order counts.

const minutes = 60_000
jest.setTimeout(5 * minutes)

const siteUrl = 'https://gatepost.example'
const identity = 'https://tenant.example'

/**
 * How many a large publication has: more than one answer of the API, and lists of many pages. Gatsby takes about 15 s for each
 * thousand, which every run would wait for: `GATEPOST_TEST_ARTICLES=5000 npm run jest -- site/test/builds` is for changes of
 * what the build reads or holds in memory.
 */
const many = Number(process.env.GATEPOST_TEST_ARTICLES ?? 120)

const leftovers = ['.cache/webpack/leftover', 'public/leftover.txt']

let folder: string
let api: PublicationApi
let site: BuiltSite

beforeAll(async () => {
  folder = await copySite('builds')
  for (const made of ['.cache', 'public']) await rm(path.join(folder, made), { recursive: true, force: true })
  // What an earlier version of the sources left, where Gatsby itself lets it lie.
  for (const place of leftovers) {
    await mkdir(path.dirname(path.join(folder, place)), { recursive: true })
    await writeFile(path.join(folder, place), '')
  }
  await writeFile(path.join(folder, '.cache/gatepost-fingerprint'), '{"sources":"others","publication":"none"}')
  // One address for all builds: it is in the scripts, which are made once.
  api = await startPublicationApi(await freePort())
  api.state.locksNothing = true
})
afterAll(() => api.close())

/** @returns whether it was built */
async function build(): Promise<boolean> {
  const environment = {
    GATSBY_API_URL: api.url,
    GATSBY_AUTH0_DOMAIN: identity,
    GATSBY_AUTH0_CLIENT_ID: 'site',
    GATSBY_AUTH0_AUDIENCE: 'https://api.gatepost.example',
    GATSBY_SITE_URL: siteUrl,
    GATSBY_IMAGE_HOSTS: '',
  }
  const locks = path.join(path.dirname(folder), 'locks')
  try {
    // Minifying takes a quarter of a build. These tests are about pages; the browser's run on minified scripts.
    const run = (at: string) => runBuild(at, environment, ['--no-uglify'])
    return await buildSite({ folder, environment, locks, tell: () => undefined, run })
  } catch (error) {
    if (error instanceof SiteBuildError) {
      // Gatsby prints whole bundles.
      const lines = error.message.split('\n').map((line) => line.slice(0, 200))
      error.message = lines.slice(-40).join('\n')
      error.stack = error.message
    }
    throw error
  } finally {
    site = await lookAt(folder)
  }
}

const pageOf = (address: string): string => `${address.slice(1)}index.html`
const dataOf = (address: string): string => `page-data${address === '/' ? '/index/' : address}page-data.json`
const addressOf = (page: string): string => `/${page.replace(/index\.html$/, '')}`

const walks = named('Walks')
const planted = '<script>planted()</script><p style="color:red">Red.</p>'
const articles = [
  testArticle('for-plans', { visibility: 'PLANS', requiredPlans: [named('Patron')], author: named('Bea Writer') }),
  testArticle('paid', { visibility: 'PAID', requiredPlans: [named('Supporter'), named('Patron')], series: walks }),
  testArticle('for-members', { visibility: 'MEMBERS', series: walks, tags: [] }),
  testArticle('open', { title: 'Open & "free" <to> all', series: walks }),
  testArticle('planted', { rest: `<p>Rest of planted.</p>${planted}`, tags: [named('Essays'), named('Traps')] }),
]
const locked = ['for-plans', 'paid', 'for-members']
const addresses = [
  '/',
  '/articles/',
  '/articles/for-members/',
  '/articles/for-plans/',
  '/articles/open/',
  '/articles/paid/',
  '/articles/planted/',
  '/authors/',
  '/authors/ada-reader/',
  '/authors/bea-writer/',
  '/plans/',
  '/series/',
  '/series/walks/',
  '/tags/',
  '/tags/essays/',
  '/tags/traps/',
]
/** One reader's own, or nobody's. */
const private_ = ['/404/', '/account/', '/account/receipts/', '/callback/', '/desk/', '/ping/']
/** Those, and the page for what was not built: it may be shown for an article that exists. */
const unlisted = [...private_, '/unbuilt/']

async function expectPages(wanted: readonly string[]): Promise<void> {
  const all = [...wanted, ...unlisted]
  expect(site.pages).toEqual([...all.map(pageOf), '404.html'].sort())
  const data = site.files.filter((file) => file.endsWith('/page-data.json'))
  expect(data).toEqual([...all.map(dataOf), dataOf('/404.html/')].sort())
  expect(await listedAddresses(site)).toEqual(wanted.map((address) => `${siteUrl}${address}`).sort())
}

describe('a publication of all kinds', () => {
  beforeAll(async () => {
    api.state.articles = articles
    api.state.plans = [testPlan('Supporter'), testPlan('Patron', { includes: [named('Supporter')] })]
    expect(await build()).toBe(true)
  })

  test('has its pages, and lists those that are for everybody', () => expectPages(addresses))

  test('has nothing of what was built from other sources', () => {
    expect(leftovers.filter((place) => existsSync(path.join(folder, place)))).toEqual([])
  })

  test('has the whole text of what is public, in its page and in its data', async () => {
    for (const place of [pageOf, dataOf]) {
      const text = await site.read(place('/articles/open/'))
      expect(text).toContain('Preview of open.')
      expect(text).toContain('Rest of open.')
    }
    expect(await site.read('articles/open/index.html')).not.toContain('Why the rest is locked')
  })

  test.each([
    [
      'for-members',
      'Keep reading with a free account',
      'The rest of this article is open to everyone with an account.',
    ],
    ['paid', 'The rest is for subscribers', 'You can read it with the Supporter or Patron plan.'],
    ['for-plans', 'The rest is for subscribers', 'You can read it with the Patron plan.'],
  ])('shows of %s the beginning, why it is locked, and how it opens', async (slug, title, text) => {
    const page = await site.read(`articles/${slug}/index.html`)
    for (const words of [`Title of ${slug}`, `Preview of ${slug}.`, 'Why the rest is locked', title, text])
      expect(page).toContain(words)
  })

  test.each(locked)('has nothing of the rest of %s, from an API that would give it', async (slug) => {
    expect(await site.filesWith(`Rest of ${slug}`)).toEqual([])
    expect(await site.filesWith(`Preview of ${slug}.`)).toEqual([
      `articles/${slug}/index.html`,
      `page-data/articles/${slug}/page-data.json`,
    ])
  })

  test('leads through the series in the order to read it', async () => {
    const page = await site.read('articles/for-members/index.html')
    const steps = [...page.matchAll(/href="(\/articles\/[^"]+)"[^>]*><span[^>]*>(Previous|Next)</g)]
    expect(steps.map(([, address, word]) => [word, address])).toEqual([
      ['Previous', '/articles/open/'],
      ['Next', '/articles/paid/'],
    ])
  })

  test('says of each page in which language it is, and where it stands', async () => {
    for (const address of addresses) {
      const page = await site.read(pageOf(address))
      expect(page).toMatch(/<html[^>]* lang="en"/)
      const canonical = [...page.matchAll(/<link[^>]*rel="canonical"[^>]*>/g)].map(
        ([tag]) => /href="([^"]*)"/.exec(tag)?.[1],
      )
      expect(canonical).toEqual([`${siteUrl}${address}`])
      expect(page).not.toContain('noindex')
      expect(page.match(/<title/g)).toHaveLength(1)
    }
  })

  test.each(private_)('keeps search engines from %s', async (address) => {
    const page = await site.read(pageOf(address))
    expect(page).toMatch(/<meta[^>]*name="robots"[^>]*content="noindex"/)
    expect(page).not.toContain('rel="canonical"')
  })

  test('says nothing false of what was not built, also without scripts', async () => {
    const page = await site.read('unbuilt/index.html')
    expect(page).toMatch(/<html[^>]* data-unbuilt=""/)
    expect(page).toMatch(/<title[^>]*>Gatepost<\/title>/)
    expect(page).not.toMatch(/noindex|canonical|og:url|og:title|name="description"/)
    // The half that is seen at such an address.
    expect(page).toContain('This page needs JavaScript')
    expect(page).toContain('data-path="/404.html"')
  })

  test('is what the site’s server renders of the same articles, to the byte', async () => {
    const renderer = openPageRenderer(path.join(folder, 'public'))
    const options = { apiUrl: api.url, tell: () => undefined, patience: 0 }
    const live = addresses.filter((address) => unbuiltAddressOf(address))
    expect(live).toHaveLength(10)
    for (const address of live) {
      const asked = unbuiltAddressOf(address)
      const found = asked && (await findPage(asked, options))
      if (!found || typeof found === 'string') throw new Error(`${address}: ${found}`)
      const data = pageDataOf(found)
      expect(JSON.stringify(data)).toBe(await site.read(dataOf(address)))
      expect(await renderer.render(data)).toBe(await site.read(pageOf(address)))
    }
    await renderer.close()
  })

  test('tells readers when nothing is published and no plan is on sale', async () => {
    const renderer = openPageRenderer(path.join(folder, 'public'))
    const empty = pagesOf({ membersOnly: false, articles: [], plans: [] })
    const pages = new Map<string, string>()
    for (const page of empty) pages.set(page.path, await renderer.render(pageDataOf(page)))
    await renderer.close()
    expect([...pages.keys()].sort()).toEqual(['/', '/articles/', '/authors/', '/plans/', '/series/', '/tags/'])
    for (const address of ['/', '/articles/', '/authors/', '/series/', '/tags/'])
      expect([address, pages.get(address)]).toEqual([address, expect.stringContaining('Nothing is published yet.')])
    expect(pages.get('/plans/')).toContain('No plans are available right now.')
  })

  test('says what a shared article is', async () => {
    const page = await site.read('articles/open/index.html')
    const tags = [...page.matchAll(/<meta[^>]*property="([^"]+)"[^>]*content="([^"]*)"/g)]
    expect(Object.fromEntries(tags.map(([, name, content]) => [name, content]))).toMatchObject({
      'og:type': 'article',
      'og:site_name': 'Gatepost',
      'og:title': 'Open &amp; &quot;free&quot; &lt;to&gt; all',
      'og:description': 'Excerpt of open.',
      'og:url': `${siteUrl}/articles/open/`,
      'article:published_time': '2026-03-05T10:00:00.000Z',
    })
    expect(page).toMatch(/<meta[^>]*name="author"[^>]*content="Ada Reader"/)
    expect(page).toMatch(/<title[^>]*>Open &amp; &quot;free&quot; &lt;to&gt; all – Gatepost<\/title>/)
  })

  test('tells the host and robots what they have to know', async () => {
    expect(await site.read('robots.txt')).toContain(`Sitemap: ${siteUrl}/sitemap-index.xml`)
    expect(await site.read('sitemap-index.xml')).toContain(`<loc>${siteUrl}/sitemap-0.xml</loc>`)
    expect(await site.read('_redirects')).toContain('/articles/* /unbuilt/index.html 200\n')
    const headers = await site.read('_headers')
    expect(headers).toContain(`connect-src 'self' ${new URL(api.url).origin} ${identity};`)
    expect(headers).toContain(`frame-src ${identity};`)
  })

  test('has no script and no style that the policy refuses, except those that were planted', async () => {
    const policy = await site.read('_headers')
    const refused = []
    for (const page of site.pages) {
      const html = await site.read(page)
      const scripts = inlineScripts(html).filter((script) => !policy.includes(digestOf(script)))
      for (const found of [...scripts, ...inlineStyles(html)]) refused.push([page, found])
    }
    expect(refused).toEqual([
      ['articles/planted/index.html', 'planted()'],
      ['articles/planted/index.html', '<p style='],
    ])
  })

  test('unchanged, is not built again, and no file is touched', async () => {
    const before = await site.marks()
    expect(await build()).toBe(false)
    expect(await site.marks()).toEqual(before)
  })
})

describe(`one article changed, one removed, ${many} new`, () => {
  const kept = articles.filter(({ slug }) => slug !== 'planted')
  beforeAll(async () => {
    const changed = kept.map((article) =>
      article.slug === 'open' ? { ...article, rest: '<p>Told anew.</p>' } : article,
    )
    const others = Array.from({ length: many }, (_, index) =>
      testArticle(`article-${index}`, {
        visibility: index % 5 === 0 ? 'PUBLIC' : 'PAID',
        author: named(`Author ${index % 20}`),
        tags: [named(`Tag ${index % 10}`)],
      }),
    )
    api.state.articles = [...changed, ...others]
    expect(await build()).toBe(true)
  }, 15 * minutes)

  test('the changed one is as it is now', async () => {
    const places = [pageOf('/articles/open/'), dataOf('/articles/open/')]
    expect(await site.filesWith('Told anew.')).toEqual(places.sort())
    expect(await site.filesWith('Rest of open.')).toEqual([])
  })

  test('the removed one is gone, with the tag that only it had', async () => {
    expect(site.files.filter((file) => /planted|traps/.test(file))).toEqual([])
    expect(await site.filesWith('of planted')).toEqual([])
  })

  test('all have their pages and lists', () => {
    const count = (place: RegExp) => site.pages.filter((page) => place.test(page)).length
    const lists = (articles: number, of: number) => of * Math.ceil(articles / of / 20)
    const all = many + kept.length
    const archive = Math.ceil(all / archiveSize)
    expect(count(/^articles\//) - archive).toBe(all)
    expect(count(/^(page\/\d+\/)?index\.html$/)).toBe(lists(all, 1))
    // Those of the kept ones: two authors, one tag, one series.
    // And the index of each.
    expect(count(/^authors\//)).toBe(lists(many, 20) + 2 + 1)
    expect(count(/^tags\//)).toBe(lists(many, 10) + 1 + 1)
    expect(count(/^series\//)).toBe(1 + 1)
    // The archive, the indexes, plans, the unlisted ones, and 404.html.
    const others = archive + 3 + 1 + unlisted.length + 1
    expect(site.pages).toHaveLength(all + lists(all, 1) + lists(many, 20) + lists(many, 10) + 4 + others)
  })

  test('all are in the map', async () => {
    const listed = await listedAddresses(site)
    const public_ = site.pages
      .map(addressOf)
      .filter((address) => !unlisted.includes(address) && address !== '/404.html')
    expect(listed).toEqual(public_.map((address) => `${siteUrl}${address}`).sort())
  })
})

describe('a publication that is for members from now on', () => {
  beforeAll(async () => {
    api.state.membersOnly = true
    expect(await build()).toBe(true)
  })

  test('asks to sign in', async () => {
    const home = await site.read('index.html')
    expect(home).toContain('This publication is for its members')
    expect(home).not.toContain('Nothing is published yet')
  })

  test('has nothing of any article, anywhere', async () => {
    await expectPages(['/', '/articles/', '/authors/', '/plans/', '/series/', '/tags/'])
    for (const words of [
      'Title of',
      'Preview of',
      'Excerpt of',
      'Rest of',
      'Told anew',
      'Ada Reader',
      'for-members',
      'article-1',
    ])
      expect([words, await site.filesWith(words)]).toEqual([words, []])
  })

  test('still shows its plans', async () => {
    expect(await site.read('plans/index.html')).toContain('Supporter')
  })
})

describe('an API that is away', () => {
  test('stops the build with one sentence, and the site stays as it was', async () => {
    const before = await site.marks()
    const { port } = new URL(api.url)
    const { state } = api
    await api.close()
    await expect(build()).rejects.toThrow(
      `The API at ${api.url} does not answer (ECONNREFUSED): start it, or set GATSBY_API_URL to its address.`,
    )
    expect(await site.marks()).toEqual(before)

    api = await startPublicationApi(Number(port))
    Object.assign(api.state, state)
    expect(await build()).toBe(false)
    expect(await site.marks()).toEqual(before)
  })
})
