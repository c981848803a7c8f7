import { existsSync } from 'node:fs'
import { readFile, rename } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { waitForLock } from '../../../scripts/lock.mjs'

// Tests start the server process from a bundle that includes its packages. A start takes 1.3 s of CPU time, with tsx 3.2 s.

/** The API process or the worker process. */
export type Entry = 'main' | 'worker'
const entries = (['main', 'worker'] satisfies Entry[]).map((name) =>
  path.resolve(import.meta.dirname, `../../src/${name}.ts`),
)
/** `graphql` must be loaded only once, graphql-shield is loaded by `require`, and the engine reads a file in its own folder. */
const unbundled = [
  'graphql',
  'graphql/*',
  'graphql-shield',
  '@prisma/schema-engine-wasm',
  '@prisma/schema-engine-wasm/*',
]

/** Replaces `import.meta` paths, so that a module finds files next to its source. */
const sourcePaths: Plugin = {
  name: 'source paths',
  setup({ onLoad }) {
    onLoad({ filter: /\.(ts|mjs|js)$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8')
      if (!text.includes('import.meta.')) return null
      const contents = text
        .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(file)))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href))
      return { contents, loader: file.endsWith('.ts') ? 'ts' : 'js' }
    })
  },
}

/**
 * Bundles the server once for each test run.
 *
 * @returns the path of the bundle, to be run with `node --enable-source-maps`
 */
export async function serverBundle(entry: Entry): Promise<string> {
  const run = process.env.GATEPOST_TEST_RUN
  if (run === undefined) throw new Error('this run of the tests has no folder')
  const folder = path.join(run, 'server')
  if (!existsSync(folder)) {
    const lock = await waitForLock(run, 'server-lock')
    if (!existsSync(folder)) await bundleInto(folder).finally(() => lock.release())
    else lock.release()
  }
  return path.join(folder, `${entry}.mjs`)
}

async function bundleInto(folder: string): Promise<void> {
  const unfinished = `${folder}-unfinished`
  await build({
    entryPoints: entries,
    outdir: unfinished,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // Without esbuild's default condition `module`, so that packages are resolved as in Node.js.
    conditions: [],
    external: unbundled,
    plugins: [sourcePaths],
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    // CommonJS packages need `require`.
    banner: { js: "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url)" },
    logLevel: 'error',
  })
  await rename(unfinished, folder)
}
