import { setTimeout as sleep } from 'node:timers/promises'
import { readScriptSettings } from '../../env.ts'
import { forkGatsby } from '../../site/run-gatsby.ts'
import { isPlainPath } from '../../site/plain-folder.ts'
import { copySite, siteFolder } from '../../site/site-folder.ts'
import { reportReady, runUntilStopped } from '../shared/lifecycle.ts'

// Runs Gatsby's development server, which shows changes of the source at once and sends no Content-Security-Policy.

const settings = readScriptSettings()
const { folder, environment } = settings.site
if (!isPlainPath(folder)) {
  process.stderr.write(
    `Gatsby cannot watch ${folder}: it interprets characters of this path as a pattern. Move the checkout to a folder without brackets; \`npm start\` works here.\n`,
  )
  process.exit(1)
}
if (folder !== siteFolder) await copySite(folder)
const port = String(settings.sitePort)
const gatsby = forkGatsby(['develop', '--port', port, '--host', 'localhost'], folder, environment)
gatsby.stdout?.pipe(process.stdout)
gatsby.stderr?.pipe(process.stderr)
gatsby.once('exit', (code) => process.exit(code ?? 1))
runUntilStopped(async () => {
  gatsby.removeAllListeners('exit')
  gatsby.kill('SIGTERM')
})

const url = `http://localhost:${port}/`
while (!(await answers())) await sleep(500)
reportReady(url)

async function answers(): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}
