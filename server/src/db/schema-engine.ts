import { readFile, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm'
import pg, { type PoolConfig } from 'pg'

// Runs Prisma's schema engine as WebAssembly. Prisma's command line downloads a binary before any command, which fails on a closed
// network. The engine records migrations in the usual table `_prisma_migrations`.

const noFilter = { externalTables: [], externalEnums: [] }
const glue = '@prisma/schema-engine-wasm/schema_engine_bg'

interface EngineExports {
  __wbindgen_start: () => void
}

interface EngineBindings {
  __wbg_set_wasm: (exports: EngineExports) => void
  SchemaEngine: typeof SchemaEngine
}

// Node has this global. TypeScript declares it only in the browser's library.
declare const WebAssembly: {
  instantiate: (bytes: Uint8Array, imports: object) => Promise<{ instance: { exports: EngineExports } }>
}

interface Closable {
  dispose: () => Promise<void>
}

let loading: Promise<typeof SchemaEngine> | undefined

/** Instantiates the engine. Its own entry imports a .wasm file, which Node does only with a flag. */
async function loadEngine(): Promise<typeof SchemaEngine> {
  const gluePath = createRequire(import.meta.url).resolve(glue)
  const bindings = (await import(glue)) as EngineBindings
  const bytes = await readFile(gluePath.replace(/\.js$/, '.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': withIdleTimers(bindings) })
  bindings.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return bindings.SchemaEngine
}

/** Lets a script exit at once. The engine does not clear the 10-second timer of its lock, which would keep the process alive. */
function withIdleTimers(bindings: object): object {
  const idleTimer = (callback: () => void, milliseconds: number) => setTimeout(callback, milliseconds >>> 0).unref()
  return Object.fromEntries(
    Object.entries(bindings).map(([name, value]) => [name, name.startsWith('__wbg_setTimeout_') ? idleTimer : value]),
  )
}

/** Sends each script to PostgreSQL in one piece. adapter-pg splits it at every semicolon, even inside a function's body. */
function adapterWithWholeScripts(connection: PoolConfig, opened: Closable[]): PrismaPg {
  const factory = new PrismaPg(connection)
  const connect = factory.connect.bind(factory)
  factory.connect = async () => {
    const adapter = await connect()
    opened.push(adapter)
    adapter.executeScript = async (script) => {
      const client = new pg.Client(connection)
      await client.connect()
      try {
        await client.query(script)
      } finally {
        await client.end()
      }
    }
    return adapter
  }
  return factory
}

async function withEngine<T>(
  connection: PoolConfig,
  datamodel: [string, string][] | undefined,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  loading ??= loadEngine()
  const Engine = await loading
  const opened: Closable[] = []
  const adapter = bindMigrationAwareSqlAdapterFactory(adapterWithWholeScripts(connection, opened))
  const engine = await Engine.new({ datamodels: datamodel }, () => undefined, adapter)
  try {
    return await work(engine)
  } finally {
    engine.free()
    // The engine leaves its connections open, which would keep a script alive until they time out.
    for (const adapter of opened) await adapter.dispose()
  }
}

/** Reads a folder of migrations in the engine's format, ordered by name. */
async function readMigrations(folder: string): Promise<MigrationList> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const lockfile = await readFile(path.join(folder, 'migration_lock.toml'), 'utf8')
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: lockfile },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.sort().map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: await readFile(path.join(folder, name, 'migration.sql'), 'utf8') },
        },
      })),
    ),
  }
}

/** Applies pending migrations and returns their names. */
export async function applyMigrations(connection: PoolConfig, folder: string): Promise<string[]> {
  const migrationsList = await readMigrations(folder)
  return withEngine(connection, undefined, async (engine) => {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: noFilter })
    return appliedMigrationNames
  })
}

/**
 * Returns the SQL that changes one schema into another, or null if they are equal.
 *
 * @param connection required by the engine, which does not read from it
 * @param from the old schema; null: an empty database
 */
export async function sqlBetween(connection: PoolConfig, from: string | null, to: string): Promise<string | null> {
  const schema = (content: string) => ({
    tag: 'schemaDatamodel' as const,
    files: [{ path: 'schema.prisma', content }],
  })
  return withEngine(connection, [['schema.prisma', to]], async (engine) => {
    const { stdout, exitCode } = await engine.diff({
      from: from === null ? { tag: 'empty' } : schema(from),
      to: schema(to),
      script: true,
      exitCode: true,
      filters: noFilter,
    })
    return exitCode === 0 ? null : stdout
  })
}
