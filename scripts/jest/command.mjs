import path from 'node:path'
import { root } from '../start/prepare.mjs'

/** Node.js' arguments that run jest. Jest's own arguments follow. */
export const jestCommand = ['--import', 'tsx', '--no-warnings', path.join(root, 'node_modules/jest/bin/jest.js')]
