import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import eslintConfig from '../eslint.config.mjs'
import { root } from './env.ts'
import { areas } from './guards/areas.ts'
import { databaseGuards } from './guards/database.ts'
import { equivalents } from './guards/equivalents.ts'
import { mutantsOf } from './guards/mutants.ts'
import { withLanes, type Lane } from './guards/lanes.ts'
import type { Change } from './guards/run-tests.ts'
import { runScript, ScriptError } from './run-script.ts'

const usage = `npm run guards [-- options]

Removes each guard in turn, runs the tests that should fail, and prints for how many guards a test failed. Takes about half an hour.
Needs TEST_DATABASE_URL, as the tests on PostgreSQL do.

  --sample N    tries only one guard in N, chosen at random
  --seed S      seed of the random choice; default: a new seed for each run
  --only TEXT   tries only guards whose area or place contains the text
  --tested      skips the first run with all guards in place, because the tests have just passed
  --list        prints the guards and runs no test`

interface Guard {
  readonly area: string
  readonly what: string
  readonly tests: readonly (readonly string[])[]
  readonly change: Change
}

await runScript(async () => {
  const { values } = parseArgs({
    options: {
      sample: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      tested: { type: 'boolean' },
      list: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return console.log(usage)
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  await withLanes(async (lanes, migrated) => {
    const all = [...(await guardsOfSources()), ...(await guardsOfDatabase(migrated)), ...(await guardsOfLint())]
    const wanted = all.filter(({ area, what }) => `${area} ${what}`.includes(values.only ?? ''))
    const guards = values.sample ? sample(wanted, Number(values.sample), seed) : wanted
    if (values.list) return guards.forEach(({ area, what }) => console.log(`${area}: ${what}`))
    console.log(`${guards.length} of ${all.length} guards${values.sample ? `, seed ${seed}` : ''}`)
    if (!values.tested) {
      await mustPassWhole(guards, lanes)
      console.log('The tests pass with all guards in place.')
    }
    const unnoticed = await tryAll(guards, lanes)
    printTable(guards, unnoticed)
    if (unnoticed.length > 0) throw new ScriptError(`No test failed without ${unnoticed.length} of the guards.`)
  })
})

/** @throws ScriptError for a pattern that no test file matches: a run without tests fails, and would count as noticed */
function mustMatchTests(): void {
  const files = ['server/src', 'server/test'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  )
  for (const pattern of areas.flatMap(({ tests }) => tests.flat())) {
    if (!files.some((file) => file.endsWith('.test.ts') && new RegExp(pattern).test(file)))
      throw new ScriptError(`scripts/guards/areas.ts: no test file matches ${pattern}.`)
  }
}

async function guardsOfSources(): Promise<Guard[]> {
  mustMatchTests()
  const all: Guard[] = []
  const unused = new Set(equivalents)
  for (const { name, files, tests } of areas) {
    for (const file of files) {
      for (const { place, what, text } of mutantsOf(
        path.basename(file),
        await readFile(path.join(root, file), 'utf8'),
      )) {
        const equivalent = equivalents.find((one) => file.endsWith(one.file) && what === one.what)
        if (equivalent) {
          unused.delete(equivalent)
          continue
        }
        const guard = `${path.dirname(file).split('/').at(-1)}/${place}: ${what}`
        all.push({ area: name, what: guard, tests, change: { source: { file, text } } })
      }
    }
  }
  for (const { file, what } of unused) throw new ScriptError(`scripts/guards/equivalents.ts: ${file} has no "${what}".`)
  return all
}

async function guardsOfDatabase(migrated: string): Promise<Guard[]> {
  const tests = [['server/test/constraints\\.test']]
  const guards = await databaseGuards(migrated)
  return guards.map(({ name, sql }) => ({ area: 'the database', what: name, tests, change: { sql } }))
}

/** Returns a guard for each zone of the lint. It is removed from the list that ESLint gets. */
async function guardsOfLint(): Promise<Guard[]> {
  const file = 'eslint.config.mjs'
  const source = await readFile(path.join(root, file), 'utf8')
  const list = 'zones: everyZone'
  if (!source.includes(list)) throw new ScriptError(`${file} has no ${list} any more. Update scripts/guards.ts.`)
  return zones().map(({ target, from }, index) => ({
    area: 'the lint’s zones',
    what: `${String(target)} may not import ${String(from)}`,
    tests: [['server/test/lint\\.test', ...titlesAbout(String(target), String(from))]],
    change: { source: { file, text: source.replace(list, `${list}.toSpliced(${index}, 1)`) } },
  }))
}

/** Returns jest's arguments for the tests of the lint about two rooms, by their titles, or for all if one is not a room. */
function titlesAbout(target: string, from: string): string[] {
  const [one, other] = [target, from].map((place) => /^\.\/server\/src\/(\w+)$/.exec(place)?.[1])
  return one && other ? ['-t', `^${one} (imports|does not import) from ${other}\\b`] : []
}

interface Zone {
  readonly target: string | string[]
  readonly from: string | string[]
}

function zones(): Zone[] {
  for (const { rules } of eslintConfig) {
    const rule = rules?.['import-x/no-restricted-paths']
    if (Array.isArray(rule)) return (rule[1] as { zones: Zone[] }).zones
  }
  throw new ScriptError('The lint has no zones.')
}

/** Chooses a random part of the guards. The same seed gives the same part. */
function sample(guards: readonly Guard[], oneIn: number, seed: number): Guard[] {
  const length = Math.ceil(guards.length / oneIn)
  const some = fc.subarray([...guards], { minLength: length, maxLength: length })
  return fc.sample(some, { seed, numRuns: 1 }).flat()
}

/** Requires that the tests pass with all guards. Otherwise a test that always fails would count for every guard. */
async function mustPassWhole(guards: readonly Guard[], lanes: readonly Lane[]): Promise<void> {
  const groups = [...new Map(guards.map(({ area, tests }) => [area, tests.flat()])).values()]
  await inLanes(groups, lanes, async (lane, tests) => {
    const { passed, output } = await lane.run(tests)
    if (!passed) throw new ScriptError(`These tests fail with all guards in place:\n${output}`)
  })
}

async function tryAll(guards: readonly Guard[], lanes: readonly Lane[]): Promise<Guard[]> {
  const unnoticed: Guard[] = []
  let done = 0
  await inLanes(guards, lanes, async (lane, guard) => {
    const isNoticed = await notices(lane, guard)
    done += 1
    if (!isNoticed) {
      unnoticed.push(guard)
      console.log(`no test failed without: ${guard.area}: ${guard.what}`)
    }
    if (done % 20 === 0) console.log(`  … ${done} of ${guards.length}`)
  })
  return unnoticed
}

async function notices(lane: Lane, { tests, change }: Guard): Promise<boolean> {
  for (const group of tests) if (!(await lane.run(group, change)).passed) return true
  return false
}

/** Processes each item in the next free lane. */
async function inLanes<Item>(
  items: readonly Item[],
  lanes: readonly Lane[],
  work: (lane: Lane, item: Item) => Promise<void>,
): Promise<void> {
  const queue = [...items]
  const run = async (lane: Lane): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(lane, item)
  }
  await Promise.all(lanes.map(run))
}

function printTable(guards: readonly Guard[], unnoticed: readonly Guard[]): void {
  console.log('\n| guards | with a failing test |\n|-|-|')
  for (const area of new Set(guards.map((guard) => guard.area))) {
    const own = (list: readonly Guard[]) => list.filter((guard) => guard.area === area).length
    console.log(`| ${area} | ${own(guards) - own(unnoticed)} of ${own(guards)} |`)
  }
  console.log(`| all | ${guards.length - unnoticed.length} of ${guards.length} |`)
}
