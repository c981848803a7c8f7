import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { makeTestHome, runScript, type TestHome } from './local/identity/test-provider.ts'

let home: TestHome

beforeAll(async () => {
  home = await makeTestHome()
})
afterAll(() => home.remove())

const run = (args: string[], options?: Parameters<typeof runScript>[3]) =>
  runScript('scripts/token.ts', args, home, options)

test('prints only the token on standard output', async () => {
  const { code, stdout } = await run(['--as', 'subscriber'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
  expect(decodeJwt(stdout.trim())).toMatchObject({
    iss: `http://localhost:${home.identityPort}/`,
    sub: 'auth0|subscriber',
  })
}, 30_000)

test.each([
  [['--as', 'subscriber'], 0, 'The server accepts this token.'],
  [['--as', 'subscriber', '--lifetime', '86401'], 1, 'TOKEN_MAX_LIFETIME_SECONDS'],
  [['--as', 'subscriber', '--forged'], 1, 'signature_wrong'],
])(
  'explains the token of %j',
  async (args, code, words) => {
    const { stdout: token } = await run(args)
    const answer = await run(['--explain', '-'], { stdin: token })
    expect(answer).toMatchObject({ code, stdout: expect.stringContaining(words), stderr: '' })
    expect(answer.stdout).not.toContain(token.trim().split('.')[1])
  },
  30_000,
)

test('prints the advice in one line', async () => {
  const { code, stdout, stderr } = await run(['reader'])
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: 'Give a name after --as, and a token after --explain.\n',
  })
}, 30_000)

test.each([
  [
    'a real tenant',
    { AUTH0_DOMAIN: 'example.eu.auth0.com', AUTH0_AUDIENCE: 'https://api.example.test' },
    /oauth\/token/,
  ],
  ['production', { NODE_ENV: 'production' }, /^No token: /],
])(
  'creates no token with %s',
  async (_what, environment, words) => {
    const { code, stdout, stderr } = await run(['--as', 'reader'], { environment })
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(words)
  },
  30_000,
)
