import path from 'node:path'
import type { GatsbyNode } from 'gatsby'
import { BuildProblem } from './gatsby/ask-api.ts'
import { imageOriginsOf } from './gatsby/image-origins.ts'
import { pagesOf } from './gatsby/pages.ts'
import { readPublication } from './gatsby/publication.ts'
import { adjustWebpack, type WebpackConfig } from './gatsby/webpack.ts'
import { writeHostFiles } from './gatsby/write-host-files.ts'
import { unbuiltPage } from './src/addresses/addresses.ts'
import { identityOrigin, missingSettings, site } from './src/env.ts'

/** Origins of the images that the pages of this build show. */
let shownImages: readonly string[] = []

// The build in order. Each step has a file in gatsby/.

export const onPreInit: GatsbyNode['onPreInit'] = ({ reporter }) => {
  const missing = missingSettings()
  if (missing.length > 0)
    reporter.panic(`${missing.join(', ')}: empty. Build with \`npm run build\` in the project's folder.`)
}

export const createPages: GatsbyNode['createPages'] = async ({ actions, reporter }) => {
  const tell = (line: string) => void reporter.info(line)
  const publication = await readPublication({ apiUrl: site.apiUrl, tell }).catch((error: unknown): null => {
    if (!(error instanceof BuildProblem)) throw error
    reporter.panic(error.message)
    return null
  })
  if (!publication) return
  shownImages = imageOriginsOf(publication.articles)
  // The page that asks the API, at an address that static hosts can serve.
  actions.createPage({ path: unbuiltPage, component: path.resolve('src/pages/404.tsx'), context: { unbuilt: true } })
  for (const { path: address, template, context } of pagesOf(publication)) {
    const component = path.resolve(`src/templates/${template}.tsx`)
    actions.createPage({ path: address, component, context: { ...context } })
  }
}

export const onCreateWebpackConfig: GatsbyNode['onCreateWebpackConfig'] = ({ actions, plugins, stage, getConfig }) => {
  if (stage === 'build-javascript') {
    // Gatsby would write each page and its scroll position into sessionStorage.
    const memory = path.resolve('gatsby/in-memory-scroll.ts')
    actions.setWebpackConfig({
      devtool: false,
      plugins: [(plugins.normalModuleReplacement as Replacement)(/^\.\/session-storage$/, memory)],
    })
  }
  if (stage.startsWith('build')) actions.replaceWebpackConfig(adjustWebpack((getConfig as () => WebpackConfig)()))
}

export const onPostBuild: GatsbyNode['onPostBuild'] = async () => {
  const sources = {
    api: new URL(site.apiUrl).origin,
    identity: identityOrigin(),
    images: [...site.imageHosts.map((host) => `https://${host}`), ...shownImages],
  }
  await writeHostFiles(path.resolve('public'), site.url, sources)
}

/** Gatsby's type is only `Function`. */
type Replacement = (pattern: RegExp, replacement: string) => object
