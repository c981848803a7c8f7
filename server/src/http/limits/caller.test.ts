import { expect, test } from '@jest/globals'
import { callerAddress } from './caller.ts'

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:c000:207', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::'],
  ['2001:db8:1:3::9', '2001:db8:1:3::'],
  ['::1', '::'],
  ['fe80::1%eth0', 'fe80::'],
  ['', ''],
  ['unknown', 'unknown'],
  ['x'.repeat(9_000), 'x'.repeat(64)],
])('%p counts as %p', (ip, caller) => {
  expect(callerAddress(ip)).toBe(caller)
})
