import path from 'node:path'
import { generate, loadContext } from '@graphql-codegen/cli'
import { root } from './env.ts'

// Writes the files of codegen.yml to another folder, for the comparison in `npm run check`. codegen's own check needs git.

const [into] = process.argv.slice(2)
if (into === undefined) throw new Error('usage: codegen-into <folder>')

const context = await loadContext(path.join(root, 'codegen.yml'))
const config = context.getConfig()
const generates = Object.fromEntries(
  Object.entries(config.generates).map(([file, how]) => [path.join(into, file), how]),
)
context.updateConfig({ ...config, generates, silent: true })
await generate(context, true)
