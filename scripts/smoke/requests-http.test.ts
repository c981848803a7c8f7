import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { buildSchema, Kind, parse, validate } from 'graphql'
import { root } from '../env.ts'
import type { Call } from './call.ts'
import { calls } from './calls.ts'

const text = readFileSync(path.join(root, 'scripts/requests.http'), 'utf8')
const schema = buildSchema(readFileSync(path.join(root, 'schema.graphql'), 'utf8'))

interface Written {
  readonly status: number
  readonly line: string
  readonly headers: Record<string, string>
  readonly body: unknown
}

/** Parses a block as HTTP clients do: without comments, a request line, headers, an empty line, the body. */
function read(block: string): [string, Written] {
  const [heading = '', ...lines] = block.split('\n')
  const status = Number(lines.find((line) => /^# \d{3}/.test(line))?.slice(2, 5))
  const [top = '', body = ''] = lines
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .split('\n\n')
  const [line = '', ...headers] = top.split('\n')
  return [
    heading.trim(),
    {
      status,
      line,
      headers: Object.fromEntries(headers.map((header) => header.split(': ') as [string, string])),
      body: body.trim() === '' ? undefined : JSON.parse(body),
    },
  ]
}

function expected({ status, method, path: at, headers, as, graphql }: Call): Written {
  const who = as === null || typeof as === 'string' ? as : as.flawed
  return {
    status,
    line: `${method} {{api}}${at}`,
    headers: { ...headers, ...(who && { authorization: `Bearer {{${who}}}` }) },
    body: graphql && JSON.parse(JSON.stringify(graphql)),
  }
}

const written = text.split(/^### /m).slice(1).map(read)

test('requests.http contains the calls in order', () => {
  expect(written.map(([name]) => name)).toEqual(calls.map(({ name }) => name))
})

test.each(written)('requests.http sends the same request: %s', (name, found) => {
  const call = calls.find((candidate) => candidate.name === name)
  expect(found).toEqual(call && expected(call))
})

test('every variable of requests.http is explained', () => {
  const used = new Set([...text.matchAll(/\{\{(\w[\w-]*)\}\}/g)].map(([, name]) => name))
  const defined = new Set([...text.matchAll(/^@(\S+) =/gm)].map(([, name]) => name))
  expect([...used].filter((name) => !defined.has(name))).toEqual([])
})

test('requests.http contains no token', () => {
  expect(text).not.toMatch(/eyJ[\w-]{10}/)
})

const calledAs = (as: 'nobody' | 'somebody') =>
  calls
    .filter((call) => (call.as === null) === (as === 'nobody'))
    .flatMap(({ graphql }) => (graphql ? parse(graphql.query).definitions : []))
    .flatMap((definition) => (definition.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : []))
    .flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.name.value] : []))

const operations = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
  Object.keys(type?.getFields() ?? {}),
)

test.each(['nobody', 'somebody'] as const)('every operation is called as %s', (as) => {
  expect(operations.filter((name) => !calledAs(as).includes(name))).toEqual([])
})

test.each(
  calls.flatMap(({ name, graphql, status }) => (graphql && status === 200 ? [[name, graphql.query] as const] : [])),
)('the query is valid: %s', (_name, query) => {
  expect(validate(schema, parse(query))).toEqual([])
})
