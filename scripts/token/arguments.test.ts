import { expect, test } from '@jest/globals'
import { parseTokenArguments } from './arguments.ts'

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
  [[], 'Give one of --as NAME'],
  [['--as'], "Option '--as <value>' argument missing"],
  [['--as', ''], '--as requires a name'],
  [['--as', '!?', '--program'], 'Give one of --as NAME'],
  [['reader'], 'Give a name after --as'],
  [['--as', 'reader', '--expired', '--forged'], 'Only one of these can be used at a time'],
  [['--as', 'reader', '--lifetime', '1h'], '--lifetime must be a whole number'],
  [['--as', 'reader', '--lifetime', '0'], '--lifetime must be a whole number'],
  [['--as', 'reader', '--lifetime', '31536001'], '--lifetime must be a whole number'],
  [['--explain', 'a.b.c', 'd.e.f'], '--explain takes one token'],
  [['--explain', '-', '--as', 'reader'], '--explain takes one token'],
  [['--sideways'], "Unknown option '--sideways'"],
])('says in one line what is wrong with %j', (args, words) => {
  const parse = () => parseTokenArguments(args)
  expect(parse).toThrow(words)
  expect(parse).toThrow(/^[^\n]+$/)
})
