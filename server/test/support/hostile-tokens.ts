import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import type { TokenReason } from '../../src/auth/types.ts'
import { forge, hs256, rs256, type Json, type TestIssuer } from './issuer.ts'

/** A token that must be refused. */
export interface HostileToken {
  /** The id of the row in docs/threats.md. */
  readonly threat: string
  readonly title: string
  readonly token: string
  readonly reason: TokenReason
}

const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** Creates tokens of a forger, a misconfigured client or a broken issuer, each with the reason of its first objection. */
export function hostileTokens(issuer: TestIssuer, tokenMaxLifetimeSeconds: number): HostileToken[] {
  const { kid, privateKey, publicKey } = issuer.key()
  const good = issuer.claims()
  const iat = good.iat as number
  const header = { alg: 'RS256', typ: 'JWT', kid }
  const goodToken = issuer.sign()
  const [first = '', second = '', third = ''] = goodToken.split('.')

  const rows: HostileToken[] = []
  const row = (threat: string, title: string, reason: TokenReason, token: string) =>
    rows.push({ threat, title, token, reason })
  /** Adds a token with changed claims and a valid signature. */
  const claims = (threat: string, title: string, reason: TokenReason, changes: Json) =>
    row(threat, title, reason, issuer.sign({ ...good, ...changes }))
  const head = (threat: string, title: string, reason: TokenReason, changes: Json, key: KeyObject = privateKey) =>
    row(threat, title, reason, forge({ ...header, ...changes }, good, rs256(key)))
  /** Adds a token whose claims are changed as JSON text, for values that JSON.stringify cannot write. */
  const text = (threat: string, title: string, reason: TokenReason, from: string, to: string) =>
    row(threat, title, reason, forge(header, JSON.stringify(good).replace(from, to), rs256(privateKey)))

  for (const alg of ['none', 'None', 'nOnE', 'NONE']) {
    row(
      'T02',
      `alg ${alg}, no signature`,
      'alg_not_allowed',
      forge({ ...header, alg }, good, () => ''),
    )
    row('T02', `alg ${alg}, a signature`, 'alg_not_allowed', forge({ ...header, alg }, good, rs256(privateKey)))
  }
  row(
    'T02',
    'RS256, no signature',
    'signature_missing',
    forge(header, good, () => ''),
  )
  for (const alg of [undefined, '', null, 256, ['RS256'], 'rs256', 'RS256 ']) {
    head('T03', `alg ${JSON.stringify(alg)}`, 'alg_not_allowed', { alg })
  }
  const secrets = {
    'the public key as PEM': publicKey.export({ type: 'spki', format: 'pem' }),
    'the public key as DER': publicKey.export({ type: 'spki', format: 'der' }),
    'the modulus': publicKey.export({ format: 'jwk' }).n ?? '',
    nothing: '',
  }
  for (const [name, secret] of Object.entries(secrets)) {
    row('T04', `HS256 with ${name}`, 'alg_not_allowed', forge({ ...header, alg: 'HS256' }, good, hs256(secret)))
    row('T04', `RS256 named, HMAC with ${name}`, 'signature_wrong', forge(header, good, hs256(secret)))
  }
  const pss = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  const others: [string, (data: Buffer) => Buffer][] = [
    ['RS384', (data) => sign('sha384', data, privateKey)],
    ['RS512', (data) => sign('sha512', data, privateKey)],
    ['PS256', (data) => sign('sha256', data, pss)],
    ['ES256', (data) => sign('sha256', data, { key: curve.privateKey, dsaEncoding: 'ieee-p1363' })],
  ]
  for (const [alg, by] of others) {
    row(
      'T05',
      `a valid ${alg} signature`,
      'alg_not_allowed',
      forge({ ...header, alg }, good, (data) => by(Buffer.from(data))),
    )
    row(
      'T05',
      `${alg} called RS256`,
      'signature_wrong',
      forge(header, good, (data) => by(Buffer.from(data))),
    )
  }
  head('T06', 'an unknown kid', 'kid_unknown', { kid: 'unheard-of' })
  for (const odd of ['../../dev/null', "' OR 1=1; --", '__proto__', 'constructor', 'https://evil.example/jwks']) {
    head('T07', `kid ${odd}`, 'kid_unknown', { kid: odd })
  }
  for (const bad of [undefined, null, '', 7, ['a'], { toString: 'x' }, 'nul\0', '\ud800', 'k'.repeat(257), true]) {
    head('T07', `kid ${JSON.stringify(bad)?.slice(0, 30)}`, 'kid_invalid', { kid: bad })
  }
  head('T07', 'a kid of 10 kB', 'token_too_long', { kid: 'k'.repeat(10_240) })
  head('T09', 'a known kid, another private key', 'signature_wrong', {}, stranger.privateKey)
  row(
    'T09',
    'claims of one token, signature of another',
    'signature_wrong',
    `${first}.${issuer.sign({ sub: 'auth0|editor' }).split('.')[1]}.${third}`,
  )
  claims('T10', 'expired for 60 s', 'token_expired', { iat: iat - 3660, exp: iat - 60 })
  claims('T10', 'expired for exactly the tolerance', 'token_expired', { iat: iat - 3605, exp: iat - 5 })
  claims('T11', 'nbf in 600 s', 'token_not_yet_valid', { nbf: iat + 600 })
  claims('T11', 'nbf as a string', 'nbf_invalid', { nbf: String(iat) })
  text('T11', 'nbf 1e400', 'nbf_invalid', '"iat":', '"nbf":1e400,"iat":')
  claims('T12', 'iat in 600 s', 'iat_in_future', { iat: iat + 600, exp: iat + 1200 })
  for (const bad of [undefined, 'now', null, 1.5, -1e300, [iat]])
    claims('T12', `iat ${JSON.stringify(bad)}`, 'iat_invalid', { iat: bad })
  for (const bad of [undefined, null, String(iat + 60), 1e21, iat + 0.5, [iat + 60], true]) {
    claims('T13', `exp ${JSON.stringify(bad)}`, 'exp_invalid', { exp: bad })
  }
  text('T13', 'exp 1e400', 'exp_invalid', `"exp":${iat + 3600}`, '"exp":1e400')
  claims('T13', 'exp in the year 300000', 'lifetime_above_TOKEN_MAX_LIFETIME_SECONDS', { exp: Number.MAX_SAFE_INTEGER })
  claims('T13', 'a lifetime that is one second too long', 'lifetime_above_TOKEN_MAX_LIFETIME_SECONDS', {
    exp: iat + tokenMaxLifetimeSeconds + 1,
  })
  claims('T13', 'an early iat and a far exp', 'lifetime_above_TOKEN_MAX_LIFETIME_SECONDS', {
    iat: iat - tokenMaxLifetimeSeconds,
    exp: iat + 600,
  })
  const { audience } = issuer
  const audiences = [
    'https://api.evil',
    `${audience}/`,
    audience.slice(0, -1),
    `${audience}.evil.example`,
    '',
    undefined,
    null,
    [],
    [[audience]],
    { 0: audience },
    `${audience} x`,
    audience.toUpperCase(),
    [7, audience],
  ]
  for (const aud of audiences) claims('T14', `aud ${JSON.stringify(aud)}`, 'aud_wrong', { aud })
  const { url } = issuer
  const issuers = [
    'https://evil.example/',
    `${url.slice(0, -1)}.evil.example/`,
    url.slice(0, -1),
    `${url}/`,
    [url],
    undefined,
    null,
    url.replace('http:', 'https:'),
    url.toUpperCase(),
    ` ${url}`,
  ]
  for (const iss of issuers) claims('T16', `iss ${JSON.stringify(iss)?.replace(/:\d+/, '')}`, 'iss_wrong', { iss })
  claims('T17', 'an ID token', 'aud_wrong', { aud: 'gatepost-site', nonce: 'n', at_hash: 'h', scope: undefined })
  for (const typ of ['dpop+jwt', 'logout+jwt', 'id_token', '', 7, null, ['JWT'], 'JWT ', 'application/jwt']) {
    head('T18', `typ ${JSON.stringify(typ)}`, 'typ_not_accepted', { typ })
  }
  const signed = (data: string) => `${data}.${rs256(privateKey)(data).toString('base64url')}`
  const shapes: Record<string, string> = {
    'an opaque token': 'Zx8r4TqPu0',
    'two parts': `${first}.${second}`,
    'only dots': '..',
    'five parts': `${goodToken}.a.b`,
    'a list as claims': forge(header, [1], rs256(privateKey)),
    'null as claims': forge(header, null, rs256(privateKey)),
    'null as header': forge(null, good, rs256(privateKey)),
    'text as claims': forge(header, '"sub"', rs256(privateKey)),
    'claims that are not JSON': forge(header, '{"sub":', rs256(privateKey)),
    'a list as header': forge([], good, rs256(privateKey)),
    'white space at the end': `${goodToken} `,
    'a line break at the end': `${goodToken}\n`,
    'a line break inside': `${first}.\n${second}.${third}`,
    'plain base64': `${goodToken}==`,
    'a NUL': `${goodToken}\0`,
    'broken UTF-8': `${first}.${Buffer.from('{"sub":"\xff"}', 'latin1').toString('base64url')}.${third}`,
    'left-over bits': `${first}.${second}.${respell(third)}`,
    'left-over bits in the header, with a valid signature': signed(`${respell(oneByteOver(header))}.${second}`),
    'left-over bits in the claims, with a valid signature': signed(`${first}.${respell(oneByteOver(good))}`),
  }
  for (const [title, token] of Object.entries(shapes)) row('T19', title, 'token_not_a_jwt', token)
  const jwk = { ...stranger.publicKey.export({ format: 'jwk' }), kid: 'mine' }
  const embedded = { jwk, jku: `${url}evil/jwks`, x5u: `${url}evil/cert`, x5c: ['MIIB'] }
  for (const [name, value] of Object.entries(embedded)) {
    head('T20', `a key of its own in ${name}`, 'header_names_a_key', { [name]: value }, stranger.privateKey)
    head('T20', `${name} beside a good signature`, 'header_names_a_key', { [name]: value })
  }
  head('T20', 'crit', 'header_critical', { crit: ['exp'] })
  head('T20', 'crit and an unencoded payload', 'header_critical', { crit: ['b64'], b64: false })
  // RFC 7797 without the `crit` that it requires.
  for (const b64 of [false, true, 'false', null]) {
    head('T20', `b64 ${JSON.stringify(b64)}`, 'header_payload_encoding', { b64 })
  }
  for (const name of ['__proto__', 'constructor', 'prototype']) {
    const member = `{"${name}":{"permissions":["write:articles"]},`
    const nested = `{"app_metadata":[{"${name}":7}],`
    for (const [where, start] of [
      ['', member],
      [' in an object in a list', nested],
    ] as const) {
      text('T20', `a claim ${name}${where}`, 'member_name_reserved', '{', start)
      const startedHeader = JSON.stringify(header).replace('{', start)
      row(
        'T20',
        `a header member ${name}${where}`,
        'member_name_reserved',
        forge(startedHeader, good, rs256(privateKey)),
      )
    }
  }
  for (const sub of [undefined, null, '', 7, ['auth0|reader'], 'a\0b', 'a\nb', '\ud800', 's'.repeat(256)]) {
    claims('T19', `sub ${JSON.stringify(sub)?.slice(0, 20)}`, 'sub_invalid', { sub })
  }
  row('T23', 'a token of 1 MB', 'token_too_long', `${first}.${'A'.repeat(1_048_576)}.${third}`)
  return rows
}

/** Encodes JSON padded to 3n + 1 bytes, as many as a signature has, in base64url. */
function oneByteOver(value: Json): string {
  const text = JSON.stringify(value)
  return Buffer.from(text.padEnd(text.length + ((4 - (text.length % 3)) % 3))).toString('base64url')
}

/** Returns another encoding of the same bytes. With 3n + 1 bytes, four bits of the last letter are unused. */
function respell(part: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return part.slice(0, -1) + (letters[letters.indexOf(part.at(-1) ?? '') + 1] ?? '')
}
