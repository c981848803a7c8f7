import { existsSync } from 'node:fs'
import path from 'node:path'
import { whenNpmIsGone } from './start/ancestors.mjs'
import { checkNode, NotPrepared, prepare, prepareProduction, root } from './start/prepare.mjs'

// `npm start`, and with --watch `npm run dev`. Runs before anything is installed.

try {
  checkNode()
  const dotenv = path.join(root, '.env')
  if (!process.env.NO_DOTENV && existsSync(dotenv)) process.loadEnvFile(dotenv)
  if (process.env.NODE_ENV === 'production') {
    await prepareProduction(console.log)
    whenNpmIsGone(() => process.kill(process.pid, 'SIGTERM'))
    // In this process: it gets the signals that are meant for it.
    await import(path.join(root, 'server/dist/main.js'))
  } else {
    await prepare(console.log)
    const { register } = await import('tsx/esm/api')
    register()
    await import('./start/main.ts')
  }
} catch (error) {
  console.error(error instanceof NotPrepared ? error.message : error)
  process.exit(1)
}
