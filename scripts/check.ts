import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { settingNames as serverNames } from '../server/src/env.ts'
import { documentWithStateTable, stateTableDocument, stateTableName } from './docs/state-table.ts'
import { root, settingNames as scriptNames } from './env.ts'
import { withProgress } from './start/progress.mjs'

// `npm run check` runs all static checks. A failed check prints what to do.

/** The problem that a check found, with what to do, or null. */
type Problem = string | null

const bin = (name: string): string => path.join(root, 'node_modules', '.bin', name)

/** The native compiler, which is fast. ESLint still needs the JavaScript compiler, whose package is named `typescript`. */
const tsc = path.join(root, 'node_modules/typescript-native/bin/tsc')

/** Runs a tool and returns its output if it fails. */
async function tool(command: string, args: string[], advice: string): Promise<Problem> {
  const { code, output } = await run(command, args)
  return code === 0 ? null : `${output.trim()}\n→ ${advice}`
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

/** Generates into a temporary folder and compares with the committed files. */
async function generatedFilesAreFresh(): Promise<Problem> {
  const aside = await mkdtemp(path.join(os.tmpdir(), 'gatepost-codegen-'))
  try {
    const { code, output } = await run(process.execPath, [
      '--import',
      'tsx',
      path.join(root, 'scripts/codegen-into.ts'),
      aside,
    ])
    if (code !== 0) return output.trim()
    const stale: string[] = []
    for (const file of [
      'schema.graphql',
      'server/src/schema-types.ts',
      'server/src/graphql/resolver-types.ts',
      'site/src/api/operations.ts',
    ]) {
      const [made, kept] = await Promise.all([
        readFile(path.join(aside, file), 'utf8'),
        readFile(path.join(root, file), 'utf8').catch(() => ''),
      ])
      if (made !== kept) stale.push(file)
    }
    return stale.length === 0 ? null : `stale: ${stale.join(', ')}\n→ npm run codegen`
  } finally {
    await rm(aside, { recursive: true })
  }
}

/** Checks that `.env.example` and the env files name the same settings, each once. */
async function exampleHasEverySetting(): Promise<Problem> {
  const text = await readFile(path.join(root, '.env.example'), 'utf8')
  const listed = [...text.matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name]) => name ?? '')
  const read = new Set([...serverNames, ...scriptNames])
  const problems = [
    ...[...read].filter((name) => !listed.includes(name)).map((name) => `${name} is read and not in .env.example`),
    ...listed.filter((name) => !read.has(name)).map((name) => `${name} is in .env.example and is not read`),
    ...listed
      .filter((name, index) => listed.indexOf(name) !== index)
      .map((name) => `${name} occurs more than once in .env.example`),
  ]
  return problems.length === 0 ? null : problems.join('\n')
}

/** Compares the generated tables in the documents with the code. */
async function documentsAreFresh(): Promise<Problem> {
  const kept = await readFile(stateTableDocument, 'utf8')
  const stale = (await documentWithStateTable(kept)) !== kept
  return stale ? `stale: the states of a membership in ${stateTableName}\n→ npm run docs` : null
}

/** Checks that each change of the data model has a migration. */
async function migrationsAreComplete(): Promise<Problem> {
  const [schema, migrated] = await Promise.all(
    ['prisma/schema.prisma', 'prisma/migrations/schema.snapshot.prisma'].map((file) =>
      readFile(path.join(root, file), 'utf8'),
    ),
  )
  return schema === migrated
    ? null
    : 'prisma/schema.prisma changed since the last migration\n→ npm run migration -- <name>'
}

async function main(): Promise<void> {
  const begun = Date.now()
  const cache = path.join(root, 'node_modules/.cache')
  const seconds = (): string => `${((Date.now() - begun) / 1000).toFixed(1)} s`
  const checks: Readonly<Record<string, Promise<Problem>>> = {
    types: tool(tsc, ['--noEmit', '-p', '.'], 'fix the types'),
    'types of the site': tool(tsc, ['--noEmit', '-p', 'site'], 'fix the types'),
    lint: tool(
      bin('eslint'),
      ['.', '--cache', '--cache-location', path.join(cache, 'eslint/')],
      'fix the problems, some of them with npx eslint . --fix',
    ),
    'lint by types': tool(bin('oxlint'), ['--type-aware'], 'fix the problems'),
    spelling: tool(
      bin('cspell'),
      ['lint', '--no-progress', '--no-summary', '--cache', '--cache-location', path.join(cache, 'cspell')],
      'correct the word, or add it to docs/dictionary.txt',
    ),
    format: tool(bin('oxfmt'), ['--list-different'], 'npm run format'),
    'generated files': generatedFilesAreFresh(),
    documents: documentsAreFresh(),
    '.env.example': exampleHasEverySetting(),
    migrations: migrationsAreComplete(),
  }
  console.log(`Checking ${Object.keys(checks).join(', ')}. In a fresh clone this takes a minute or two.`)
  const running = new Set(Object.keys(checks))
  const done = Promise.all(
    Object.entries(checks).map(async ([check, result]) => {
      const problem = await result
      running.delete(check)
      const line = problem === null ? `ok    ${check}` : `FAIL  ${check}\n${problem.replace(/^/gm, '      ')}`
      console.log(`${line} (${seconds()})`)
      return problem
    }),
  )
  const problems = await withProgress(done, () =>
    console.log(`…     ${seconds()}: still checking ${[...running].join(', ')}`),
  )
  process.exitCode = problems.some((problem) => problem !== null) ? 1 : 0
}

await main()
