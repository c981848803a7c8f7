import { expect, test } from '@jest/globals'
import { readableLog } from './readable-log.ts'

const format = readableLog(false)
const line = (fields: object) => JSON.stringify({ level: 30, time: 0, pid: 1, hostname: 'here', ...fields })
const request = {
  requestId: 'a-1',
  req: { id: 'a-1', method: 'POST', path: '/graphql', address: '127.0.0.1' },
  res: { status: 200 },
  milliseconds: 12,
  msg: 'request',
}

test.each([
  [line(request), / INFO: POST \/graphql 200, 12 ms$/],
  [line({ ...request, brokenOff: true }), / INFO: POST \/graphql aborted by the client, 12 ms$/],
  [line({ msg: 'stopping', why: 'SIGTERM' }), / INFO: stopping \{"why":"SIGTERM"\}$/],
  [line({ level: 40, msg: 'redis' }), / WARN: redis$/],
])('formats %s for people', (given, wanted) => {
  expect(format(given)).toMatch(wanted)
  expect(format(given)).not.toMatch(/\n|hostname|a-1/)
})

test('an error keeps its type, its message and where it happened', () => {
  const err = { type: 'TypeError', message: 'no such thing', stack: '    at somewhere (file.ts:1:1)' }
  const formatted = format(line({ level: 50, err, msg: 'an error was masked' }))
  for (const part of ['ERROR: an error was masked', 'TypeError', 'no such thing', 'file.ts:1:1'])
    expect(formatted).toContain(part)
})

test.each(['  migrated: 20261121090000_first', '{"ready":true}', '{"level":', ''])('does not change %j', (given) => {
  expect(format(given)).toBe(given)
})
