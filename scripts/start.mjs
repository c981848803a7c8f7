import path from 'node:path'
import { whenNpmIsGone } from './start/ancestors.mjs'
import { readDotenv } from './start/environment.mjs'
import { checkMachine, NotPrepared, prepare, prepareProduction, root } from './start/prepare.mjs'

// `npm start`, with --watch `npm run dev`, with --worker `npm run worker`. Runs before anything is installed.

const isWorker = process.argv.includes('--worker')

try {
  checkMachine()
  if (readDotenv(path.join(root, '.env')).production) {
    await prepareProduction(console.log)
    whenNpmIsGone(() => process.kill(process.pid, 'SIGTERM'))
    // In this process, so that the server receives the signals.
    await import(path.join(root, 'server/dist', isWorker ? 'worker.js' : 'main.js'))
  } else {
    await prepare(console.log)
    const { register } = await import('tsx/esm/api')
    register()
    if (isWorker) whenNpmIsGone(() => process.kill(process.pid, 'SIGTERM'))
    await import(isWorker ? '../server/src/worker.ts' : './start/main.ts')
  }
} catch (error) {
  console.error(error instanceof NotPrepared ? error.message : error)
  process.exit(1)
}
