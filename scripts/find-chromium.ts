import { execFile } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { LaunchOptions } from 'playwright-core'
import type { BrowserPlaces } from './env.ts'
import { ScriptError } from './run-script.ts'

/** The operations that the search needs. */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly isProgram: (file: string) => boolean
  /** Returns the path of Playwright's downloaded Chromium, or null if there is none for this system. */
  readonly placeOfDownload: () => Promise<string | null>
  /** Downloads Playwright's Chromium, which takes minutes. @throws Error */
  readonly download: () => Promise<void>
}

/** Debian's Chromium without windows comes first. It takes a third less CPU for the browser tests. */
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
 * Finds a Chrome or Chromium: CHROMIUM_PATH, otherwise an installed one, otherwise Playwright's, which is downloaded if necessary.
 *
 * @param tell called before a download
 * @returns the program's path
 * @throws ScriptError if CHROMIUM_PATH is not a program, or if none is found or downloaded. It explains how to install one
 */
export async function findChromium(
  places: BrowserPlaces,
  tell: (line: string) => void = () => undefined,
  machine: Machine = thisMachine,
): Promise<string> {
  const { chromiumPath } = places
  if (chromiumPath !== null) {
    // Another browser must not replace the requested one.
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

/** Returns the usual paths of browsers, in order of preference. */
export function usualPlaces(
  { path: folders, programFolders }: BrowserPlaces,
  { platform, home }: Pick<Machine, 'platform' | 'home'>,
): string[] {
  const windows = platform === 'win32'
  const system = windows ? path.win32 : path.posix
  // A relative folder depends on the current directory.
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
 * Chromium uses only the last `--disable-features`, so this list repeats the features that Playwright disables. Playwright's list is in
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

/** The address bar's suggestions. Each window loads two pages for them, which takes as long as loading a page of the site. */
const addressBar = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup']

/** Starts a process in advance for the next page, which is often never opened. */
const spareProcess = 'SpareRendererForSitePerProcess'

/**
 * Returns Playwright's launch options: headless, without requests of its own.
 *
 * @param isRoot Chromium does not start with its sandbox as root. For other users the sandbox is enabled, which Playwright omits
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
      // Drawing with a software GPU takes longer.
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
