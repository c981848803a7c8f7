import { execFile } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { LaunchOptions } from 'playwright-core'
import type { BrowserPlaces } from './env.ts'
import { ScriptError } from './run-script.ts'

/** What the search asks of the machine that it runs on. */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly isProgram: (file: string) => boolean
  /** Where Playwright would keep the Chromium that it downloads; null: it has none for this system. */
  readonly placeOfDownload: () => Promise<string | null>
  /** Lets Playwright download it. Takes minutes. @throws Error */
  readonly download: () => Promise<void>
}

/** The first is Debian's Chromium without windows, which takes a third less CPU for the browser tests. */
const names = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
]
const macApplications = ['Google Chrome', 'Chromium', 'Microsoft Edge']
const windowsPrograms = [
  String.raw`Google\Chrome\Application\chrome.exe`,
  String.raw`Chromium\Application\chrome.exe`,
  String.raw`Microsoft\Edge\Application\msedge.exe`,
]
const windowsFolders = [String.raw`C:\Program Files`, String.raw`C:\Program Files (x86)`]
const downloadWithinMilliseconds = 300_000

/**
 * Finds a Chrome or Chromium: CHROMIUM_PATH, else one that is installed, else Playwright's own, which is downloaded if need be.
 *
 * @param tell told before a download begins
 * @returns the program's path
 * @throws ScriptError when CHROMIUM_PATH is no program, or none is found and none can be downloaded: it says how to get one
 */
export async function findChromium(
  places: BrowserPlaces,
  tell: (line: string) => void = () => undefined,
  machine: Machine = thisMachine,
): Promise<string> {
  const { chromiumPath } = places
  if (chromiumPath !== null) {
    // To take another one instead would try something else than was asked for.
    if (!machine.isProgram(chromiumPath))
      throw new ScriptError(`CHROMIUM_PATH: "${chromiumPath}" is not an executable file.`)
    return chromiumPath
  }
  const installed = usualPlaces(places, machine).find(machine.isProgram)
  if (installed !== undefined) return installed
  const downloaded = await machine.placeOfDownload()
  if (downloaded === null) throw notToBeHad('no download is available for this system')
  if (machine.isProgram(downloaded)) return downloaded
  tell('No Chrome or Chromium is installed. Downloading Chromium, which takes a few minutes.')
  try {
    await machine.download()
  } catch (error) {
    throw notToBeHad(error instanceof Error ? error.message : String(error))
  }
  if (!machine.isProgram(downloaded)) throw notToBeHad('the downloaded file is missing')
  return downloaded
}

function notToBeHad(why: string): ScriptError {
  const reason = why.trim().split('\n').at(-1)?.slice(0, 200)
  return new ScriptError(
    `No Chrome or Chromium was found, and the download failed (${reason}).\n` +
      'Debian, Ubuntu: apt-get install chromium. macOS, Windows: install Google Chrome. Or set CHROMIUM_PATH=/path/to/one.',
  )
}

/** Where one may be, in the order in which it is taken. */
export function usualPlaces(
  { path: folders, programFolders }: BrowserPlaces,
  { platform, home }: Pick<Machine, 'platform' | 'home'>,
): string[] {
  const windows = platform === 'win32'
  const system = windows ? path.win32 : path.posix
  // What a relative folder holds depends on where one stands.
  const searched = folders.filter((folder) => system.isAbsolute(folder))
  const onPath = names.flatMap((name) => searched.map((folder) => system.join(folder, windows ? `${name}.exe` : name)))
  if (windows) {
    const all = [...new Set([...programFolders, ...windowsFolders])]
    return [...onPath, ...windowsPrograms.flatMap((program) => all.map((folder) => system.join(folder, program)))]
  }
  if (platform !== 'darwin') return onPath
  const folderOfApplications = ['/Applications', system.join(home, 'Applications')]
  const inApplication = (name: string) => folderOfApplications.map((at) => `${at}/${name}.app/Contents/MacOS/${name}`)
  return [...onPath, ...macApplications.flatMap(inApplication)]
}

/**
 * Chromium heeds only the last `--disable-features`, so ours repeats the features that Playwright disables. The list stands in
 * playwright-core's `chromiumSwitches`.
 */
const disabledByPlaywright = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'msForceBrowserSignIn',
  'msEdgeUpdateLaunchServicesPreferredVersion',
]

/** The address bar's suggestions: each window loads two pages for them, which takes as long as a page of the site. */
const addressBar = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup']

/** A process that is started with each page for the next one, which is often never opened. */
const spareProcess = 'SpareRendererForSitePerProcess'

/**
 * How Playwright starts it: headless, and calling nobody on its own.
 *
 * @param isRoot as whom Chromium refuses to start with its sandbox; anybody else gets it, and Playwright would leave it out
 */
export function launchOptions(executablePath: string, isRoot = process.getuid?.() === 0): LaunchOptions {
  return {
    executablePath,
    headless: true,
    chromiumSandbox: !isRoot,
    args: [
      ...(isRoot ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      // There is none, and to draw with a pretended one takes longer.
      '--disable-gpu',
      '--disable-quic',
      `--disable-features=${[...disabledByPlaywright, ...addressBar, spareProcess].join(',')}`,
    ],
  }
}

const thisMachine: Machine = {
  platform: process.platform,
  home: os.homedir(),
  isProgram(file) {
    try {
      accessSync(file, constants.X_OK)
      return statSync(file).isFile()
    } catch {
      return false
    }
  },
  async placeOfDownload() {
    const { chromium } = await import('playwright-core')
    try {
      return chromium.executablePath() || null
    } catch {
      return null
    }
  },
  async download() {
    const cli = path.join(
      path.dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')),
      'cli.js',
    )
    const run = promisify(execFile)
    await run(process.execPath, [cli, 'install', 'chromium'], { timeout: downloadWithinMilliseconds })
  },
}
