import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'

// Node.js' import hooks for test files (runtime.mjs).

const globals = new URL('globals.mjs', import.meta.url).href
const root = new URL('../../', import.meta.url).href
const packages = new URL('node_modules/', root).href
const site = new URL('site/', root).href
/** `npm run guards` replaces the text of this source to remove a guard. */
const { GATEPOST_GUARD_FILE: guardFile, GATEPOST_GUARD_TEXT: guardText } = process.env

/** @param {string} url */
const isOurs = (url) => url.startsWith(root) && !url.startsWith(packages) && !url.includes('/node_modules/')

/**
 * Returns whether each test file gets its own instance of a module. Modules in `test/` folders register hooks with their test file or
 * hold state for it. The site's modules read their settings when they are loaded. All other modules are shared, and hold no state.
 *
 * @param {string} url
 */
const isOfOneFile = (url) =>
  isOurs(url) && (/\/test\/|\.test\.ts$/.test(url) || url === globals || url.startsWith(site))

/**
 * Passes the number of the test file from URL to URL.
 *
 * @type {import('node:module').ResolveHook}
 */
export async function resolve(specifier, context, next) {
  const found = specifier === '@jest/globals' ? { url: globals } : await next(specifier, context)
  const file = isOurs(context.parentURL ?? '') ? new URL(context.parentURL ?? '').searchParams.get('file') : null
  if (file === null || !isOfOneFile(found.url)) return { ...found, shortCircuit: true }
  const url = new URL(found.url)
  url.searchParams.set('file', file)
  return { ...found, url: url.href, shortCircuit: true }
}

/**
 * Loads the site's sources as modules, although its package is CommonJS for Gatsby. tsx loads all other files.
 *
 * @type {import('node:module').LoadHook}
 */
export async function load(url, context, next) {
  if (!isOurs(url)) return next(url, context)
  const sourcefile = fileURLToPath(url)
  const isGuard = sourcefile === guardFile
  if (!isGuard && (!url.startsWith(site) || !/\.tsx?$/.test(sourcefile))) return next(url, context)
  const { code } = await transform(await readFile(isGuard && guardText ? guardText : sourcefile, 'utf8'), {
    loader: sourcefile.endsWith('x') ? 'tsx' : 'ts',
    format: 'esm',
    jsx: 'automatic',
    target: 'node20',
    sourcemap: 'inline',
    sourcefile,
  })
  return { format: 'module', source: code, shortCircuit: true }
}
