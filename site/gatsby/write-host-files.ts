import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { unbuiltFolders, unbuiltPage } from '../src/addresses/addresses.ts'
import { headersFile, inlineScriptsOf, securityHeaders, type Headers, type Origins } from './security-headers.ts'

/** For a year browsers do not try plain http. Subdomains are not included, because they may belong to other sites. */
const transportSecurity = (siteUrl: string): Headers =>
  siteUrl.startsWith('https://') ? { 'strict-transport-security': 'max-age=31536000' } : {}

/** For files whose names contain a digest of their content. */
const forEver = { 'cache-control': 'public, max-age=31536000, immutable' }

/** Writes `_headers`, `_redirects` and robots.txt. The site's own server reads the first two as well. */
export async function writeHostFiles(folder: string, siteUrl: string, origins: Origins): Promise<void> {
  // This page has no article text, and its inline scripts are those of every page.
  const plain = await readFile(path.join(folder, '404.html'), 'utf8')
  const headers = headersFile([
    // No cache-control for pages: hosts revalidate by default, and some would join it with the values below.
    ['/*', { ...securityHeaders(origins, inlineScriptsOf(plain)), ...transportSecurity(siteUrl) }],
    ['/static/*', forEver],
    // These files have a digest in their names.
    ...['/*.js', '/*.css'].map((pattern) => [pattern, forEver] as const),
  ])
  // The page that asks the API (src/pages/404.tsx) serves all addresses that were published after the build. Gatsby's router shows a page
  // at another address only with the data of 404.html.
  const redirects = unbuiltFolders
    .map(
      (place) =>
        `/${place}/* ${unbuiltPage}index.html 200\n/page-data/${place}/* /page-data/404.html/page-data.json 200\n`,
    )
    .join('')
  const robots = `User-agent: *\nAllow: /\n\nSitemap: ${siteUrl}/sitemap-index.xml\n`
  await Promise.all([
    writeFile(path.join(folder, '_headers'), headers),
    writeFile(path.join(folder, '_redirects'), redirects),
    writeFile(path.join(folder, 'robots.txt'), robots),
  ])
}
