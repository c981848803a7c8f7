import { spawnSync } from 'node:child_process'
import { cp, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { root } from '../env.ts'

/** Compiles the server to server/dist, for NODE_ENV=production npm start. @returns whether it succeeded */
export async function buildServer(): Promise<boolean> {
  const source = path.join(root, 'server/src')
  const dist = path.join(root, 'server/dist')

  await rm(dist, { recursive: true, force: true })
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', path.join(root, 'server/tsconfig.build.json')], {
    stdio: 'inherit',
  })
  if (status !== 0) return false

  // The rooms' schema files are read when the server starts.
  for (const room of await readdir(source, { withFileTypes: true })) {
    if (!room.isDirectory()) continue
    const files = await readdir(path.join(source, room.name))
    if (files.includes('schema.graphql')) {
      await cp(path.join(source, room.name, 'schema.graphql'), path.join(dist, room.name, 'schema.graphql'))
    }
  }
  return true
}
