import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { inPlainFolder, isPlainPath } from './plain-folder.ts'

const home = await mkdtemp(path.join(os.tmpdir(), 'gatepost-plain-'))
afterEach(() => rm(home, { recursive: true, force: true }))

test.each([...'()[]{}*?!+@|^$#&;\'"`%'])('a path with %s is not plain', (character) => {
  expect(isPlainPath(`/home/jo/gate${character}post/site`)).toBe(false)
})

test.each(['/home/jo/gatepost/site', 'C:\\Users\\Jö\\gate post\\site', '/домой/网站/a-b_c.d~1/site'])(
  '%s is plain',
  (folder) => {
    expect(isPlainPath(folder)).toBe(true)
  },
)

async function siteIn(name: string): Promise<string> {
  const folder = path.join(home, name)
  await mkdir(path.join(folder, 'src'), { recursive: true })
  await writeFile(path.join(folder, 'src/page.txt'), 'text')
  await mkdir(path.join(folder, 'public'))
  await writeFile(path.join(folder, 'public/old.html'), 'old')
  return folder
}

const build = async (folder: string) => {
  await mkdir(path.join(folder, 'public'), { recursive: true })
  await writeFile(path.join(folder, 'public/new.html'), await readFile(path.join(folder, 'src/page.txt')))
}

test('builds in the folder itself if its path is plain', async () => {
  const folder = await siteIn('site')
  const used: string[] = []
  await inPlainFolder(folder, async (at) => void used.push(at))
  expect(used).toEqual([folder])
})

test('builds in a temporary copy if the path has glob characters', async () => {
  const folder = await siteIn('gate(post) [x]')
  let used = ''
  await inPlainFolder(folder, async (at) => {
    used = at
    expect(isPlainPath(at)).toBe(true)
    await build(at)
  })
  expect(await readdir(path.join(folder, 'public'))).toEqual(['new.html'])
  expect(await readFile(path.join(folder, 'public/new.html'), 'utf8')).toBe('text')
  expect(existsSync(used)).toBe(false)
})

test('the copied renderer loads its modules from the folder', async () => {
  const folder = await siteIn('gate("post") [$&]')
  await inPlainFolder(folder, async (at) => {
    await build(at)
    await mkdir(path.join(at, '.cache/page-ssr/routes'), { recursive: true })
    await mkdir(path.join(at, '.cache/ssr-builtin-trackers'))
    await writeFile(path.join(at, '.cache/ssr-builtin-trackers/fs.js'), 'module.exports = "tracked"')
    const tracker = JSON.stringify(path.join(at, '.cache/ssr-builtin-trackers/fs'))
    await writeFile(path.join(at, '.cache/page-ssr/routes/render-page.js'), `module.exports = require(${tracker})`)
  })
  const load = createRequire(import.meta.url)
  expect(load(path.join(folder, '.cache/page-ssr/routes/render-page.js'))).toBe('tracked')
})

test('keeps the last result if the build fails', async () => {
  const folder = await siteIn('gate{post}')
  let used = ''
  const failing = inPlainFolder(folder, async (at) => {
    used = at
    throw new Error('broke off')
  })
  await expect(failing).rejects.toThrow('broke off')
  expect(await readdir(path.join(folder, 'public'))).toEqual(['old.html'])
  expect(existsSync(used)).toBe(false)
})
