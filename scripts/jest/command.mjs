import path from 'node:path'
import { root } from '../start/prepare.mjs'

/** The arguments with which Node.js runs jest; those of jest follow. */
export const jestCommand = ['--import', 'tsx', '--no-warnings', path.join(root, 'node_modules/jest/bin/jest.js')]
