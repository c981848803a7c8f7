import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { environmentOfTools } from '../start/environment.mjs'

const program = path.join(import.meta.dirname, 'gatsby-process.mjs')

/**
 * Starts Gatsby in the site's folder.
 *
 * @param command     `build`, or `develop` with its flags
 * @param environment the GATSBY_ settings; other variables come from the process
 */
export function forkGatsby(
  command: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  return fork(program, [...command], {
    cwd: folder,
    // Without the flags of this process.
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...environmentOfTools(),
      ...environment,
      NODE_ENV: command[0] === 'build' ? 'production' : 'development',
      // Plain lines instead of an interactive screen, and no telemetry.
      CI: 'true',
      GATSBY_TELEMETRY_DISABLED: '1',
    },
  })
}
