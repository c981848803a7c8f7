import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { readBrowserPlaces, readScriptSettings, root } from './env.ts'
import { findChromium, launchOptions } from './find-chromium.ts'
import { runScript, ScriptError } from './run-script.ts'
import { Photographer } from './screenshots/photographer.ts'
import { takeAll } from './screenshots/all.ts'
import { takeReadmePictures } from './screenshots/readme.ts'
import { makeSharePicture } from './screenshots/share.ts'

const usage = `npx tsx scripts/screenshots.ts [--all FOLDER | --share]

Takes the screenshots of README.md and docs/reading.md from the site that npm start serves, and writes them to docs/images/. Uses the
same settings.

  --all FOLDER   takes every page instead, narrow and wide, light and dark, and the paywall for each reason
  --share        writes site/static/share.png instead, the preview image of shared links; no server is needed`

await runScript(async () => {
  const { values } = parseArgs({
    options: { all: { type: 'string' }, share: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) return console.log(usage)
  const browser = await chromium.launch(launchOptions(await findChromium(readBrowserPlaces(), console.log)))
  try {
    if (values.share) return console.log(await makeSharePicture(browser, path.join(root, 'site/static/share.png')))
    const { server, apiPort } = readScriptSettings()
    const folder = values.all ? path.resolve(values.all) : path.join(root, 'docs/images')
    await mustAnswer(server.siteUrl)
    await mkdir(folder, { recursive: true })
    const photographer = new Photographer({
      browser,
      folder,
      site: server.siteUrl,
      api: `http://localhost:${apiPort}`,
      identity: new URL(server.auth.issuer).origin,
    })
    await (values.all ? takeAll(photographer) : takeReadmePictures(photographer))
  } finally {
    await browser.close()
  }
})

async function mustAnswer(site: string): Promise<void> {
  const answers = await fetch(site).catch(() => null)
  if (!answers?.ok) throw new ScriptError(`No site responds at ${site}. Start it with npm start.`)
}
