import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { decodeProtectedHeader } from 'jose'
import { loadKeys } from './oidc/keys.ts'
import { mintToken } from './mint-token.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gatepost-mint-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('forges under the right key’s name', async () => {
  const { signing } = await loadKeys(folder)
  const settings = { folder, issuer: 'http://localhost:4001/', audience: 'https://api.test', clientId: 'client' }
  const forged = await mintToken({ ...settings, as: 'patron', flaw: 'forged' })
  expect(decodeProtectedHeader(forged).kid).toBe(signing.kid)
})

test('makes the keys once for many at a time', async () => {
  const race = path.join(folder, 'race')
  const all = await Promise.all(Array.from({ length: 5 }, () => loadKeys(race)))
  expect(new Set(all.map(({ signing }) => signing.kid)).size).toBe(1)
})
