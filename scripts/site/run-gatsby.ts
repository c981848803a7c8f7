import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { environmentOfTools } from '../start/environment.mjs'

const program = path.join(import.meta.dirname, 'gatsby-process.mjs')

/**
 * Starts Gatsby in the site's folder.
 *
 * @param command     `build`, or `develop` with its flags
 * @param environment the GATSBY_ settings; what else Gatsby might take from the environment is the machine's
 */
export function forkGatsby(
  command: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  return fork(program, [...command], {
    cwd: folder,
    // Not with the flags of whoever starts it.
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...environmentOfTools(),
      ...environment,
      NODE_ENV: command[0] === 'build' ? 'production' : 'development',
      // Lines, not a screen that is drawn again and again; no calls to anybody.
      CI: 'true',
      GATSBY_TELEMETRY_DISABLED: '1',
    },
  })
}
