import path from 'node:path'
import { whenNpmIsGone } from './start/ancestors.mjs'
import { readDotenv } from './start/environment.mjs'
import { checkMachine, NotPrepared, prepare, prepareProduction, root } from './start/prepare.mjs'

// `npm start`, and with --watch `npm run dev`. Runs before anything is installed.

try {
  checkMachine()
  if (readDotenv(path.join(root, '.env')).production) {
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
