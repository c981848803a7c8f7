import path from 'node:path'
import { BuildProblem } from '../site/gatsby/ask-api.ts'
import { buildServer } from './build/server.ts'
import { buildStaticSite } from './build/site.ts'
import { readScriptSettings, root } from './env.ts'
import { runScript, ScriptError } from './run-script.ts'
import { StrangeFolder } from './site/site-folder.ts'
import { SiteBuildError } from './site/build-site.ts'
import { StartError } from './start/children.ts'
import { prepare } from './start/prepare.mjs'

// `npm run build` builds the server and the site for production. `-- server` or `-- site` builds only one of them. The build of the
// site reads the API.

await runScript(async () => {
  const [only, ...more] = process.argv.slice(2)
  if (more.length > 0 || (only !== undefined && only !== 'server' && only !== 'site')) {
    throw new ScriptError('usage: npm run build [-- server | site]')
  }
  // A fresh clone has no database client yet.
  await prepare(console.log)
  if (only !== 'site') {
    if (!(await buildServer())) throw new ScriptError('The build of the server failed.')
    console.log('built: server/dist')
  }
  if (only !== 'server') {
    const folder = await buildStaticSite(readScriptSettings()).catch((error: unknown) => {
      const isExpected = [BuildProblem, SiteBuildError, StrangeFolder, StartError].some((kind) => error instanceof kind)
      throw isExpected ? new ScriptError((error as Error).message) : error
    })
    console.log(`built: ${path.relative(root, folder)}`)
  }
})
