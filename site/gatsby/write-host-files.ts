import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { unbuiltFolders, unbuiltPage } from '../src/addresses/addresses.ts'
import { headersFile, inlineScriptsOf, securityHeaders, type Headers, type Origins } from './security-headers.ts'

/** A year, which browsers remember: from then on plain http is not even tried. Other hosts of the domain are not ours to bind. */
const transportSecurity = (siteUrl: string): Headers =>
  siteUrl.startsWith('https://') ? { 'strict-transport-security': 'max-age=31536000' } : {}

/** Named after their content, so they never change. */
const forEver = { 'cache-control': 'public, max-age=31536000, immutable' }
/**
 * What a host has to know of the site, as files beside it: `_headers` and `_redirects`, and robots.txt. Our own static server
 * reads the same two.
 */
export async function writeHostFiles(folder: string, siteUrl: string, origins: Origins): Promise<void> {
  // No article, nothing that anybody wrote: its inline scripts are those of every page.
  const plain = await readFile(path.join(folder, '404.html'), 'utf8')
  const headers = headersFile([
    // How long a page may be kept is not said: hosts ask again each time, and some would join two values into one.
    ['/*', { ...securityHeaders(origins, inlineScriptsOf(plain)), ...transportSecurity(siteUrl) }],
    ['/static/*', forEver],
    // Files at the root with a digest in their names.
    ...['/*.js', '/*.css'].map((pattern) => [pattern, forEver] as const),
  ])
  // What was published after the build opens by the page that asks the API (src/pages/404.tsx), in the form that says nothing
  // before it knows. Gatsby's router shows a page under another address than its own only with the data of 404.html.
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
