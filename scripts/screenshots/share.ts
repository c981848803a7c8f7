import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { site } from '../../site/src/env.ts'
import { root } from '../env.ts'

const size = { width: 1200, height: 630 }
const fonts = 'node_modules/@fontsource-variable/literata/files/literata-latin-wght-normal.woff2'

/** Creates the picture for shared links: name, tagline and logo. */
export async function makeSharePicture(browser: Browser, file: string): Promise<string> {
  const font = await readFile(path.join(root, fonts), 'base64')
  const icon = await readFile(path.join(root, 'site/static/icon.svg'), 'utf8')
  const page = await browser.newPage({ viewport: size })
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>
    @font-face { font-family: Literata; font-weight: 200 900; src: url(data:font/woff2;base64,${font}) }
    body { margin: 0; display: grid; align-content: center; gap: 40px; height: 630px; padding: 0 110px; box-sizing: border-box;
      background: #faf6ef; color: #2a251f; font-family: Literata }
    h1 { display: flex; align-items: center; gap: 36px; margin: 0; font-size: 124px; font-weight: 700; line-height: 1; letter-spacing: -0.015em }
    p { margin: 0; max-width: 22em; font-size: 44px; line-height: 1.35; color: #655b4f; text-wrap: balance }
    svg { width: 124px; height: 124px; flex: none }
  </style><h1>${icon}${site.name}</h1><p>${site.tagline}</p>`)
  await page.evaluate('document.fonts.ready')
  await writeFile(file, await page.screenshot({ type: 'png' }))
  return `${file}, ${Math.ceil((await stat(file)).size / 1024)} kB`
}
