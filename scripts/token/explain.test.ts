import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { rm, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { decodeJwt } from 'jose'
import { noDefaults } from '../../server/src/content/publishing/index.ts'
import { localClientId } from '../../server/src/local/defaults.ts'
import { parseSettings } from '../../server/src/env.ts'
import { root, siteSettings, type ScriptSettings } from '../env.ts'
import { mintToken, type MintOptions } from '../local/identity/mint-token.ts'
import { explain } from './explain.ts'

let dataDir: string
let settings: ScriptSettings

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'gatepost-mint-'))
  // Not readScriptSettings: that would read the developer's own `.env`.
  const server = parseSettings({})
  const ports = { apiPort: 4000, sitePort: 8000, identityPort: 4001, paymentsPort: 4002, databasePort: 4003 }
  const site = siteSettings({}, server, dataDir)
  const local = { production: false, usesLocalDatabase: true, usesLocalIdentity: true, usesLocalPayments: true }
  settings = {
    root,
    dataDir,
    ...ports,
    ...local,
    clientId: localClientId,
    audience: server.auth.audience,
    server,
    site,
    publishing: noDefaults,
  }
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

const mint = (options: Partial<MintOptions>) =>
  mintToken({
    folder: path.join(dataDir, 'identity'),
    issuer: settings.server.auth.issuer,
    audience: settings.audience,
    clientId: settings.clientId,
    ...options,
  })

test.each([
  ['a persona', { as: 'editor' }, 'auth0|editor'],
  ['any name', { as: 'Ada Lovelace' }, 'auth0|ada-lovelace'],
  ['a program', { kind: 'program' }, 'gatepost-program@clients'],
  ['an anonymous session', { kind: 'anonymous-session' }, 'anon@local-visitor'],
] as const)('makes a token for %s that the server accepts', async (_what, options, subject) => {
  const token = await mint(options)
  expect(decodeJwt(token).sub).toBe(subject)
  expect(await explain(token, settings)).toMatchObject({ accepted: true })
})

test.each([
  ['expired', 'token_expired'],
  ['wrong-audience', 'aud_wrong'],
  ['wrong-issuer', 'iss_wrong'],
  ['forged', 'signature_wrong'],
  ['unsigned', 'alg_not_allowed'],
] as const)('makes a token that is refused as %s', async (flaw, reason) => {
  const token = await mint({ as: 'patron', flaw })
  const { accepted, text } = await explain(token, settings)
  expect(accepted).toBe(false)
  expect(text).toContain(reason)
  expect(text).not.toContain(token.split('.')[1])
})

test('is wrong in one thing only', async () => {
  for (const flaw of ['wrong-audience', 'wrong-issuer', 'forged', 'expired'] as const) {
    const { text } = await explain(await mint({ as: 'patron', flaw }), settings)
    expect(text.match(/^ {2}wanted:/gm)).toHaveLength(1)
  }
})

test('explains a token as it is pasted', async () => {
  const token = await mint({ as: 'reader' })
  expect(await explain(`Authorization: Bearer ${token}\n`, settings)).toMatchObject({ accepted: true })
})

test('keeps control characters off the terminal', async () => {
  const token = await mint({ as: 'reader', claims: { sub: 'a\u001b[2Jb', azp: '\u202Ereversed' } })
  expect((await explain(token, settings)).text).not.toMatch(/(?!\n)\p{C}/u)
})
