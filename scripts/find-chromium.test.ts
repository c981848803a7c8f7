import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findChromium, launchOptions, usualPlaces, type Machine } from './find-chromium.ts'

const downloaded = '/home/ada/.cache/playwright/chrome'
const linux = { chromiumPath: null, path: ['/usr/local/bin', '/usr/bin'], programFolders: [] }

interface Given {
  readonly programs?: readonly string[]
  readonly chromiumPath?: string
  readonly hasDownload?: boolean
  readonly download?: () => void
}

/** Runs the search on a simulated machine. @returns the result and the messages */
async function search({ programs = [], chromiumPath, hasDownload = true, download = () => undefined }: Given) {
  const there = new Set(programs)
  const said: string[] = []
  const machine: Machine = {
    platform: 'linux',
    home: '/home/ada',
    isProgram: (file) => there.has(file),
    placeOfDownload: () => Promise.resolve(hasDownload ? downloaded : null),
    download: async () => {
      said.push('downloads')
      download()
      there.add(downloaded)
    },
  }
  const found = await findChromium(
    { ...linux, chromiumPath: chromiumPath ?? null },
    () => said.push('tells'),
    machine,
  ).catch((error: unknown) => (error as Error).message)
  return { found, said }
}

test.each<[string, Given, string, string[]]>([
  [
    'takes CHROMIUM_PATH',
    { chromiumPath: '/my/chrome', programs: ['/my/chrome', '/usr/bin/chromium'] },
    '/my/chrome',
    [],
  ],
  ['takes the first name', { programs: ['/usr/local/bin/chrome', '/usr/bin/chromium'] }, '/usr/bin/chromium', []],
  [
    'prefers the one without windows',
    { programs: ['/usr/bin/chromium', '/usr/bin/chromium-headless-shell'] },
    '/usr/bin/chromium-headless-shell',
    [],
  ],
  ['takes the first folder', { programs: ['/usr/bin/chrome', '/usr/local/bin/chrome'] }, '/usr/local/bin/chrome', []],
  ['takes Edge', { programs: ['/usr/bin/microsoft-edge', downloaded] }, '/usr/bin/microsoft-edge', []],
  ['takes what was downloaded', { programs: [downloaded] }, downloaded, []],
  ['downloads one', {}, downloaded, ['tells', 'downloads']],
])('%s', async (_what, given, found, said) => {
  expect(await search(given)).toEqual({ found, said })
})

const help =
  'Debian, Ubuntu: apt-get install chromium. macOS, Windows: install Google Chrome. Or set CHROMIUM_PATH=/path/to/one.'

function offline(): never {
  throw new Error('Command failed\nDownloading…\nError: getaddrinfo ENOTFOUND\n')
}

test.each<[string, Given, string]>([
  [
    'names a CHROMIUM_PATH that is not a program',
    { chromiumPath: '/my/chrom', programs: ['/usr/bin/chromium'] },
    'CHROMIUM_PATH: "/my/chrom" is not an executable file.',
  ],
  [
    'explains how to install one if the download fails',
    { download: offline },
    `No Chrome or Chromium was found, and the download failed (Error: getaddrinfo ENOTFOUND).\n${help}`,
  ],
  [
    'explains how to install one if there is no download',
    { hasDownload: false },
    `No Chrome or Chromium was found, and the download failed (no download is available for this system).\n${help}`,
  ],
])('%s', async (_what, given, message) => {
  expect((await search(given)).found).toBe(message)
})

test('searches the usual folders of macOS', () => {
  expect(usualPlaces({ ...linux, path: ['/opt/bin'] }, { platform: 'darwin', home: '/Users/ada' })).toEqual([
    '/opt/bin/chromium-headless-shell',
    '/opt/bin/chromium',
    '/opt/bin/chromium-browser',
    '/opt/bin/google-chrome',
    '/opt/bin/google-chrome-stable',
    '/opt/bin/chrome',
    '/opt/bin/microsoft-edge',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Users/ada/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Users/ada/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    '/Users/ada/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ])
})

test('searches the usual folders of Windows', () => {
  const places = { chromiumPath: null, path: ['C:\\Tools', '.'], programFolders: ['D:\\Programs'] }
  const found = usualPlaces(places, { platform: 'win32', home: 'C:\\Users\\ada' })
  expect(found.slice(0, 2)).toEqual(['C:\\Tools\\chromium-headless-shell.exe', 'C:\\Tools\\chromium.exe'])
  expect(found.slice(7, 11)).toEqual([
    'D:\\Programs\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'D:\\Programs\\Chromium\\Application\\chrome.exe',
  ])
})

test.each(['.', 'bin', ''])('ignores the folder %j of PATH', (folder) => {
  expect(usualPlaces({ ...linux, path: [folder] }, { platform: 'linux', home: '/home/ada' })).toEqual([])
})

test.each([
  [true, false],
  [false, true],
])('starts it, as root: %s, with the sandbox: %s', (isRoot, sandbox) => {
  const { args = [], ...options } = launchOptions('/usr/bin/chromium', isRoot)
  expect(options).toEqual({ executablePath: '/usr/bin/chromium', headless: true, chromiumSandbox: sandbox })
  expect(args.includes('--no-sandbox')).toBe(!sandbox)
})

test('disables every feature that Playwright disables', async () => {
  const playwright = path.dirname(createRequire(import.meta.url).resolve('playwright-core/package.json'))
  const [, list = ''] =
    /disabledFeatures = \[([^\]]*)\]/.exec(await readFile(path.join(playwright, 'lib/coreBundle.js'), 'utf8')) ?? []
  const theirs = [...list.matchAll(/^\s*"(\w+)"/gm)].map(([, name]) => name)
  expect(theirs.length).toBeGreaterThan(10)
  const flag = launchOptions('/usr/bin/chromium').args?.find((one) => one.startsWith('--disable-features='))
  const ours = flag?.slice('--disable-features='.length).split(',')
  expect(ours).toEqual([...theirs, 'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'SpareRendererForSitePerProcess'])
})

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gatepost-chromium-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('accepts only executable files', async () => {
  const file = path.join(folder, 'chrome')
  const found = () => findChromium({ ...linux, chromiumPath: file }).catch((error: unknown) => (error as Error).message)
  const none = `CHROMIUM_PATH: "${file}" is not an executable file.`
  expect(await found()).toBe(none)
  await writeFile(file, '')
  expect(await found()).toBe(none)
  await chmod(file, 0o755)
  expect(await found()).toBe(file)
  expect(await findChromium({ ...linux, chromiumPath: folder }).catch(() => 'none')).toBe('none')
})
