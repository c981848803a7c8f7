import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

// Renders pages with the bundle that Gatsby made for its own build. In a thread of its own: a rebuild makes another bundle, and a
// page that takes too long must not hold up the files.

const { default: renderPage } = createRequire(import.meta.url)(workerData.bundle)

parentPort?.on('message', async ({ id, page, styles }) => {
  try {
    const { html } = await renderPage({
      pagePath: page.path,
      pageData: page,
      staticQueryContext: {},
      styles,
      reversedStyles: styles.toReversed(),
      // They stand in a slice that is the same in all pages.
      scripts: [],
      reversedScripts: [],
    })
    parentPort?.postMessage({ id, html })
  } catch (error) {
    parentPort?.postMessage({ id, problem: error instanceof Error ? error.message : String(error) })
  }
})
