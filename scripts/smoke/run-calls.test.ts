import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from '@jest/globals'
import { absent, ask, http, items, type Call } from './call.ts'
import { NoServer, runCalls, type RunOptions } from './run-calls.ts'

const seen: { authorization: string | undefined; body: string }[] = []
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    seen.push({ authorization: request.headers.authorization, body })
    if (request.url === '/broken') response.destroy()
    else response.setHeader('content-type', 'application/json').end('{"data":{"id":"seven","list":[1,2]}}')
  })
}).listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
afterAll(() => void server.close())

async function run(calls: readonly Call[], options: Partial<RunOptions> = {}) {
  const results = []
  const standard = { url, known: {}, tokenOf: async () => 'a-token', has: new Set<never>() }
  for await (const { outcome, remarks } of runCalls({ calls, ...standard, ...options }))
    results.push({ outcome, remarks })
  return results
}

test('an expected response is ok', async () => {
  const finds = {
    'data.id': 'seven',
    'data.list': items(2),
    errors: absent,
    'headers.content-type': 'application/json',
  }
  expect(await run([ask('good', null, '{ id }', finds)])).toEqual([{ outcome: 'ok', remarks: [] }])
})

test.each([
  ['a status', { status: 401 }, {}, 'status 200, wanted 401'],
  ['a value', {}, { 'data.id': 'eight' }, 'data.id is "seven", wanted "eight"'],
  ['a missing value', {}, { 'data.other.id': 'x' }, 'data.other.id is nothing, wanted "x"'],
  ['an unexpected value', {}, { 'data.list': absent }, 'data.list is [1,2], wanted nothing'],
  ['a header', {}, { 'headers.vary': 'Origin' }, 'headers.vary is nothing, wanted "Origin"'],
])('names the difference: %s', async (_case, rest, finds, remark) => {
  expect(await run([ask('bad', null, '{ id }', finds, rest)])).toEqual([{ outcome: 'wrong', remarks: [remark] }])
})

test('a broken connection is a failure', async () => {
  const [result] = await run([http('broken', 'GET', '/broken', { finds: {} })])
  expect(result?.outcome).toBe('wrong')
  expect(result?.remarks[0]).toMatch(/^no response: /)
})

test('a remembered value is used in later calls', async () => {
  await run([
    ask('first', null, '{ id }', {}, { remembers: { it: 'data.id' } }),
    ask('second', 'reader', '{ id }', {}, { variables: { id: '{{it}}' } }),
  ])
  expect(seen.at(-1)).toEqual({
    authorization: 'Bearer a-token',
    body: '{"query":"{ id }","variables":{"id":"seven"}}',
  })
})

test('skips calls whose needs are not fulfilled', async () => {
  const calls = [ask('demo', null, '{ id }', {}, { needs: ['demo'] }), ask('persona', 'reader', '{ id }', {})]
  expect(await run(calls, { tokenOf: async () => null })).toEqual([
    { outcome: 'left out', remarks: ['the server has no demo content'] },
    { outcome: 'left out', remarks: ['tokens of a real tenant are not available'] },
  ])
})

test('reports a missing server as NoServer', async () => {
  const closed = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => closed.once('listening', resolve))
  const { port } = closed.address() as AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  await expect(run([http('any', 'GET', '/', { finds: {} })], { url: `http://127.0.0.1:${port}` })).rejects.toThrow(
    NoServer,
  )
})
