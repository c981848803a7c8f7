import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

// Renders pages with the bundle of Gatsby's build. Runs in a thread of its own, because a rebuild creates another bundle, and a slow page
// must not delay files.

const { default: renderPage } = createRequire(import.meta.url)(workerData.bundle)

parentPort?.on('message', async ({ id, page, styles }) => {
  try {
    const { html } = await renderPage({
      pagePath: page.path,
      pageData: page,
      staticQueryContext: {},
      styles,
      reversedStyles: styles.toReversed(),
      // The scripts are in a slice that all pages share.
      scripts: [],
      reversedScripts: [],
    })
    parentPort?.postMessage({ id, html })
  } catch (error) {
    parentPort?.postMessage({ id, problem: error instanceof Error ? error.message : String(error) })
  }
})
