import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { settingNames as serverNames } from '../server/src/env.ts'
import { documentWithStateTable, stateTableDocument } from './docs/state-table.ts'
import { root, settingNames as scriptNames } from './env.ts'

// `npm run check`: what can be said of the code without running it. Each check prints what to do about it.

interface Finding {
  readonly check: string
  readonly problem: string | null
}

const bin = (name: string): string => path.join(root, 'node_modules', '.bin', name)

/** Runs a tool and keeps what it says for when it fails. */
async function tool(check: string, command: string, args: string[], advice: string): Promise<Finding> {
  const { code, output } = await run(command, args)
  return { check, problem: code === 0 ? null : `${output.trim()}\n→ ${advice}` }
}

function run(command: string, args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const collect = (chunk: Buffer) => void (output += chunk.toString())
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

/** Generates into a folder aside and compares with what is committed. */
async function generatedFilesAreFresh(): Promise<Finding> {
  const check = 'generated files'
  const aside = await mkdtemp(path.join(os.tmpdir(), 'gatepost-codegen-'))
  try {
    const { code, output } = await run(process.execPath, [
      '--import',
      'tsx',
      path.join(root, 'scripts/codegen-into.ts'),
      aside,
    ])
    if (code !== 0) return { check, problem: output.trim() }
    const stale: string[] = []
    for (const file of ['schema.graphql', 'server/src/graphql/resolver-types.ts', 'site/src/graphql/operations.ts']) {
      const [made, kept] = await Promise.all([
        readFile(path.join(aside, file), 'utf8'),
        readFile(path.join(root, file), 'utf8').catch(() => ''),
      ])
      if (made !== kept) stale.push(file)
    }
    return { check, problem: stale.length === 0 ? null : `stale: ${stale.join(', ')}\n→ npm run codegen` }
  } finally {
    await rm(aside, { recursive: true })
  }
}

/** `.env.example` and the env files name the same settings, both ways, each once. */
async function exampleHasEverySetting(): Promise<Finding> {
  const text = await readFile(path.join(root, '.env.example'), 'utf8')
  const listed = [...text.matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name]) => name ?? '')
  const read = new Set([...serverNames, ...scriptNames])
  const problems = [
    ...[...read].filter((name) => !listed.includes(name)).map((name) => `${name} is read and not in .env.example`),
    ...listed.filter((name) => !read.has(name)).map((name) => `${name} is in .env.example and nobody reads it`),
    ...listed.filter((name, index) => listed.indexOf(name) !== index).map((name) => `${name} is twice in .env.example`),
  ]
  return { check: '.env.example', problem: problems.length === 0 ? null : problems.join('\n') }
}

/** What is printed into the documents from the code says what the code says. */
async function documentsAreFresh(): Promise<Finding> {
  const kept = await readFile(stateTableDocument, 'utf8')
  const stale = (await documentWithStateTable(kept)) !== kept
  return {
    check: 'documents',
    problem: stale ? 'stale: the states of a membership in ARCHITECTURE.md\n→ npm run docs' : null,
  }
}

/** The data model has a migration for each of its changes. */
async function migrationsAreComplete(): Promise<Finding> {
  const [schema, migrated] = await Promise.all(
    ['prisma/schema.prisma', 'prisma/migrations/schema.snapshot.prisma'].map((file) =>
      readFile(path.join(root, file), 'utf8'),
    ),
  )
  const problem =
    schema === migrated ? null : 'prisma/schema.prisma changed since the last migration\n→ npm run migration -- <name>'
  return { check: 'migrations', problem }
}

async function main(): Promise<void> {
  const begun = Date.now()
  const cache = path.join(root, 'node_modules/.cache')
  const findings = await Promise.all([
    tool('types', bin('tsc'), ['--noEmit', '-p', '.'], 'mend the types'),
    tool('types of the site', bin('tsc'), ['--noEmit', '-p', 'site'], 'mend the types'),
    tool(
      'lint',
      bin('eslint'),
      ['.', '--cache', '--cache-location', path.join(cache, 'eslint/')],
      'mend it; some of it: npx eslint . --fix',
    ),
    tool('format', bin('prettier'), ['--check', '.', '--cache', '--log-level', 'warn'], 'npm run format'),
    generatedFilesAreFresh(),
    documentsAreFresh(),
    exampleHasEverySetting(),
    migrationsAreComplete(),
  ])
  for (const { check, problem } of findings) {
    console.log(problem === null ? `ok    ${check}` : `FAIL  ${check}\n${problem.replace(/^/gm, '      ')}`)
  }
  console.log(`${((Date.now() - begun) / 1000).toFixed(1)} s`)
  process.exitCode = findings.some(({ problem }) => problem !== null) ? 1 : 0
}

await main()
