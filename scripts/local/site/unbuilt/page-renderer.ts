import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type { PageSpec } from '../../../../site/gatsby/pages.ts'

/** The content of a `page-data.json`, as Gatsby writes it. */
interface PageData {
  readonly componentChunkName: string
  readonly path: string
  readonly result: { readonly pageContext: object }
  readonly staticQueryHashes: readonly []
  readonly slicesMap: object
}

export const pageDataOf = ({ path, template, context }: PageSpec): PageData => ({
  componentChunkName: `component---src-templates-${template}-tsx`,
  path,
  result: { pageContext: context },
  staticQueryHashes: [],
  slicesMap: {},
})

export interface PageRenderer {
  /**
   * Returns the document that a build would have written for this page.
   *
   * @throws Error if the build left no bundle, or rendering fails or takes too long
   */
  readonly render: (page: PageData) => Promise<string>
  readonly close: () => Promise<void>
}

const renderTimeoutMs = 10_000
const maxMegabytes = 256
const workerFile = new URL('./render-worker.mjs', import.meta.url)

interface Answer {
  readonly id: number
  readonly html?: string
  readonly problem?: string
}

interface Pending {
  readonly resolve: (html: string) => void
  readonly reject: (error: Error) => void
}

/** Renders with the bundle that Gatsby's build leaves beside `public/`. After a rebuild it uses the new bundle. */
export function openPageRenderer(publicFolder: string): PageRenderer {
  const bundle = path.join(path.dirname(publicFolder), '.cache/page-ssr/routes/render-page.js')
  let current: { readonly mark: string; readonly thread: RenderThread } | null = null

  async function threadOfBuild(): Promise<RenderThread> {
    const { mtimeMs, size } = await stat(bundle)
    const mark = `${mtimeMs} ${size}`
    if (current?.mark !== mark || current.thread.ended()) {
      void current?.thread.end()
      current = { mark, thread: startThread(bundle) }
    }
    return current.thread
  }

  return {
    async render(page) {
      const [thread, styles] = await Promise.all([threadOfBuild(), stylesOf(publicFolder, page)])
      return withSlices(await thread.render(page, styles), publicFolder)
    },
    close: async () => current?.thread.end(),
  }
}

interface RenderThread {
  readonly render: (page: PageData, styles: readonly Style[]) => Promise<string>
  readonly ended: () => boolean
  readonly end: () => Promise<void>
}

function startThread(bundle: string): RenderThread {
  const worker = new Worker(workerFile, {
    workerData: { bundle },
    // React reads it. The bundle gets no other variable of the environment.
    env: { NODE_ENV: 'production' },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: maxMegabytes },
  })
  // The process does not wait for the thread.
  worker.unref()
  const pending = new Map<number, Pending>()
  let last = 0
  let ended = false
  const end = (error: Error) => {
    ended = true
    for (const { reject } of pending.values()) reject(error)
    pending.clear()
  }
  worker.on('message', ({ id, html, problem }: Answer) => {
    const waiting = pending.get(id)
    pending.delete(id)
    if (html === undefined) waiting?.reject(new Error(`The page was not rendered: ${problem ?? 'no reason'}`))
    else waiting?.resolve(html)
  })
  worker.on('error', end)
  worker.on('exit', (code) => end(new Error(`The renderer ended with ${code}.`)))
  return {
    ended: () => ended,
    end: async () => void (await worker.terminate()),
    async render(page, styles) {
      const id = ++last
      const timer = setTimeout(() => {
        end(new Error(`${page.path} was not rendered within ${renderTimeoutMs} ms.`))
        void worker.terminate()
      }, renderTimeoutMs)
      try {
        return await new Promise<string>((resolve, reject) => {
          pending.set(id, { resolve, reject })
          worker.postMessage({ id, page, styles })
        })
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

interface Style {
  readonly name: string
  readonly rel: 'preload'
  readonly content: string
}

/** Returns the style sheets of a template. The page links them (gatsby-ssr.tsx), so their content is left out. */
async function stylesOf(publicFolder: string, { componentChunkName }: PageData): Promise<Style[]> {
  const stats = JSON.parse(await readFile(path.join(publicFolder, 'webpack.stats.json'), 'utf8')) as {
    readonly assetsByChunkName: Readonly<Record<string, readonly string[]>>
  }
  const assets = ['app', componentChunkName].flatMap((chunk) => stats.assetsByChunkName[chunk] ?? [])
  const names = new Set(assets.filter((name) => name.endsWith('.css')))
  return [...names].map((name) => ({ name, rel: 'preload', content: '' }))
}

const slice = /<slice-start id="([\w-]+)"><\/slice-start><slice-end id="\1"><\/slice-end>/g

/** Inserts the parts that all pages share, as Gatsby does after rendering. */
async function withSlices(html: string, publicFolder: string): Promise<string> {
  const names = [...new Set([...html.matchAll(slice)].map(([, name = '']) => name))]
  const contents = new Map<string, string>()
  for (const name of names)
    contents.set(name, await readFile(path.join(publicFolder, '_gatsby/slices', `${name}.html`), 'utf8'))
  return html.replace(
    slice,
    (_, name: string) => `<!-- slice-start id="${name}" -->${contents.get(name)}<!-- slice-end id="${name}" -->`,
  )
}
