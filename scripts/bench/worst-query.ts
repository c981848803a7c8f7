import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import fc from 'fast-check'
import { getOperationAST, parse, validate, type DocumentNode } from 'graphql'
import { buildSchema, costOf, limits } from '../../server/src/graphql/index.ts'
import { anyQuery } from '../../server/test/support/any-query.ts'
import { mostRows } from '../../server/src/lib/pagination.ts'
import { readScriptSettings } from '../env.ts'
import { runScript, ScriptError } from '../run-script.ts'
import { localTokens } from '../smoke/tokens.ts'
import { identityProvider } from './identity-provider.ts'

// npm run bench:worst -- [rounds]: searches for the query within the limits that takes the most CPU time. It sends random queries with
// the longest allowed pages to its own server process and prints the worst. It needs the demo publication, preferably with more than a
// hundred articles.

/** Number of random queries. The worst of them are then measured again more precisely. */
const rounds = Number(process.argv[2] ?? 2000)
const finalists = 8
const schema = buildSchema()

interface Candidate {
  readonly query: string
  readonly first: number
  readonly cost: number
  /** Milliseconds of CPU time for one request. */
  cpu: number
}

await runScript(async () => {
  const settings = readScriptSettings()
  if (settings.production) throw new ScriptError('npm run bench:worst does not run in production.')
  const stopIdentity = await identityProvider(settings)
  const token = await localTokens(settings)('patron')
  const server = fork(path.join(import.meta.dirname, 'measured-server.ts'), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [{ url }] = (await once(server, 'message')) as [{ url: string }]
  const ask = async ({ query, first }: Candidate): Promise<string> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables: { first } }),
    })
    return response.text()
  }
  const measure = async (candidate: Candidate, times: number): Promise<number> => {
    const before = await cpuOf(server)
    for (let time = 0; time < times; time++) await ask(candidate)
    return ((await cpuOf(server)) - before) / times
  }

  const found: Candidate[] = []
  const values = { slug: '"self-reliance"', plan: '"patron"', interval: 'YEARLY' }
  const queries = fc.sample(anyQuery(schema, values), rounds)
  for (const [index, { query, hasPages }] of queries.entries()) {
    const candidate = longest(query, hasPages)
    if (candidate) {
      candidate.cpu = Math.min(await measure(candidate, 2), await measure(candidate, 2))
      found.push(candidate)
    }
    if (index % 200 === 199) {
      found.sort((a, b) => b.cpu - a.cpu)
      console.log(`${index + 1} queries, ${found.length} allowed; the worst so far: ${found[0]?.cpu.toFixed(1)} ms`)
    }
  }
  const last = found.sort((a, b) => b.cpu - a.cpu).slice(0, finalists)
  for (const candidate of last) {
    const runs = [await measure(candidate, 20), await measure(candidate, 20), await measure(candidate, 20)]
    candidate.cpu = Math.min(...runs)
  }
  for (const candidate of last.sort((a, b) => b.cpu - a.cpu)) {
    const { query, first, cost, cpu } = candidate
    const text = await ask(candidate)
    console.log(
      `${cpu.toFixed(1)} ms of CPU, ${cost.toFixed(1)} points, ${text.length} characters, first ${first}: ${query}\n`,
    )
  }
  server.disconnect()
  await stopIdentity()
})

/** Returns the query with the longest pages within the limits, or null if there are none. */
function longest(query: string, hasPages: boolean): Candidate | null {
  const document = parse(query)
  if (validate(schema, document).length > 0) return null
  const cost = (first: number): number => costIn(document, first)
  if (!hasPages) return cost(0) <= limits.cost ? { query, first: 0, cost: cost(0), cpu: 0 } : null
  let first = mostRows
  while (first > 0 && cost(first) > limits.cost) first -= 1
  return first > 0 ? { query, first, cost: cost(first), cpu: 0 } : null
}

function costIn(document: DocumentNode, first: number): number {
  const operation = getOperationAST(document)
  return operation ? costOf(schema, document, operation, { first }) : 0
}

async function cpuOf(server: ChildProcess): Promise<number> {
  server.send('cpu')
  const [{ cpu }] = (await once(server, 'message')) as [{ cpu: NodeJS.CpuUsage }]
  return (cpu.user + cpu.system) / 1000
}
