import { createRequire } from 'node:module'

// Runs Gatsby in a process that ends with its parent, even if the parent is killed.

const end = () => process.exit(1)
process.on('disconnect', end)
if (process.connected === false) end()
const require = createRequire(import.meta.url)
require('gatsby/cli.js')
