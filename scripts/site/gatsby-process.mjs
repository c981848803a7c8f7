import { createRequire } from 'node:module'

// Gatsby, in a process of its own that ends when the one that started it does: also when that is killed.

const end = () => process.exit(1)
process.on('disconnect', end)
if (process.connected === false) end()
const require = createRequire(import.meta.url)
require('gatsby/cli.js')
