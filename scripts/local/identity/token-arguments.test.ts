import { expect, test } from '@jest/globals'
import { parseTokenArguments } from './token-arguments.ts'

test.each([
  [['--as', 'subscriber'], { task: 'mint', holder: { as: 'subscriber' } }],
  [['--program', '--expired'], { task: 'mint', holder: { kind: 'program' }, flaw: 'expired' }],
  [['--anonymous-session'], { task: 'mint', holder: { kind: 'anonymous-session' } }],
  [['--as=x', '--lifetime', '60'], { task: 'mint', holder: { as: 'x' }, lifetimeSeconds: 60 }],
  [['--explain'], { task: 'explain', token: null }],
  [['--explain', '-'], { task: 'explain', token: null }],
  [['--explain', 'a.b.c'], { task: 'explain', token: 'a.b.c' }],
  [['-h'], { task: 'help' }],
])('reads %j', (args, request) => {
  expect(parseTokenArguments(args)).toEqual(request)
})

test.each([
  [[], 'Say whom the token is for'],
  [['--as'], "Option '--as <value>' argument missing"],
  [['--as', ''], '--as needs a name'],
  [['--as', '!?', '--program'], 'Say whom the token is for'],
  [['reader'], 'A name goes after --as'],
  [['--as', 'reader', '--expired', '--forged'], 'one thing wrong at a time'],
  [['--as', 'reader', '--lifetime', '1h'], '--lifetime is a whole number'],
  [['--as', 'reader', '--lifetime', '0'], '--lifetime is a whole number'],
  [['--as', 'reader', '--lifetime', '31536001'], '--lifetime is a whole number'],
  [['--explain', 'a.b.c', 'd.e.f'], '--explain takes one token'],
  [['--explain', '-', '--as', 'reader'], '--explain takes one token'],
  [['--sideways'], "Unknown option '--sideways'"],
])('says in one line what is wrong with %j', (args, words) => {
  const parse = () => parseTokenArguments(args)
  expect(parse).toThrow(words)
  expect(parse).toThrow(/^[^\n]+$/)
})
