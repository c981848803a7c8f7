import {
  createHmac,
  createSign,
  generateKeyPairSync,
  randomUUID,
  type KeyObject,
  type KeyPairKeyObjectResult,
} from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How the issuer responds: correctly, or with one of several failures. */
export type IssuerMode =
  | 'well'
  /** Closes the connection. */
  | 'down'
  /** Accepts the request and never responds. */
  | 'slow'
  | 'html'
  | 'error'
  | 'redirect'
  /** Sends an endless response. */
  | 'huge'
  | 'empty'
  /** Publishes its private key. */
  | 'private'
  /** Publishes only keys of unusable kinds. */
  | 'foreign'

export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export type Json = Record<string, unknown>

export interface TestIssuer {
  /** Exactly as in `iss`, with the final slash. */
  readonly url: string
  readonly audience: string
  /** Numbers of requests so far. */
  readonly fetches: { discovery: number; keys: number; userInfo: number; elsewhere: number }
  /** The subjects of all requests for a profile, including failed ones. */
  readonly profilesAsked: string[]
  mode: IssuerMode
  /** Responses of `/userinfo` by subject. `sub` is added if it is missing. */
  readonly profiles: Map<string, Json>
  /** Overrides members of the discovery document. */
  discovery: Json
  /** Returns the newest key, which signs tokens. */
  key(): SigningKey
  /** Returns valid claims for `reader` with changes. The value undefined removes a claim. */
  claims(changes?: Json): Json
  /** Returns an access token in Auth0's format. */
  sign(changes?: Json, header?: Json): string
  /** Creates a new key. Old keys remain published only with `keepOld`. */
  rotate(options?: { keepOld: boolean }): void
  stop(): Promise<void>
}

const keyPairs = Symbol.for('gatepost.test key pairs')
/** Keys for all issuers of a worker, because creating an RSA key takes 0.15 s and each test file loads this module again. */
const worker = globalThis as { [keyPairs]?: KeyPairKeyObjectResult[] }
const keyPool = (worker[keyPairs] ??= [])

function takeKey(index: number): SigningKey {
  const pair = (keyPool[index] ??= generateKeyPairSync('rsa', { modulusLength: 2048 }))
  return { ...pair, kid: randomUUID() }
}

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/**
 * Creates a token with any header and claims. A string is used as the JSON text itself. It does not use the library that verifies
 * tokens.
 */
export function forge(header: unknown, claims: unknown, sign: (data: string) => Buffer | string): string {
  const data = `${encode(header)}.${encode(claims)}`
  const signature = sign(data)
  return `${data}.${typeof signature === 'string' ? signature : signature.toString('base64url')}`
}

export const rs256 = (key: KeyObject) => (data: string) => createSign('RSA-SHA256').update(data).sign(key)
export const hs256 = (secret: string | Buffer) => (data: string) => createHmac('sha256', secret).update(data).digest()

/** Starts an issuer. @param now returns the time of its clock; default: the machine's clock */
export async function startTestIssuer(now: () => Date = () => new Date()): Promise<TestIssuer> {
  const keys = [takeKey(0)]
  let made = 1
  const audience = 'https://api.gatepost.test'
  const server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`

  const issuer: TestIssuer = {
    url,
    audience,
    fetches: { discovery: 0, keys: 0, userInfo: 0, elsewhere: 0 },
    profilesAsked: [],
    mode: 'well',
    profiles: new Map(),
    discovery: {},
    key: () => keys.at(-1) as SigningKey,
    claims(changes = {}) {
      const iat = Math.floor(now().getTime() / 1000)
      const aud = [audience, `${url}userinfo`]
      return { iss: url, sub: 'auth0|reader', aud, iat, exp: iat + 3600, scope: 'openid profile email', ...changes }
    },
    sign(changes, header) {
      const { kid, privateKey } = issuer.key()
      return forge({ alg: 'RS256', typ: 'JWT', kid, ...header }, issuer.claims(changes), rs256(privateKey))
    },
    rotate({ keepOld } = { keepOld: false }) {
      const next = takeKey(made++)
      if (!keepOld) keys.length = 0
      keys.push(next)
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.split('?')[0]
    const json = (body: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const place =
      path === '/.well-known/openid-configuration'
        ? 'discovery'
        : path === '/jwks'
          ? 'keys'
          : path === '/userinfo'
            ? 'userInfo'
            : 'elsewhere'
    issuer.fetches[place] += 1
    if (place === 'elsewhere') return void json({}, 404)
    const sub = subjectOf(request)
    if (place === 'userInfo') issuer.profilesAsked.push(sub)
    // `down` affects every document. The other faults affect the requested one.
    if (issuer.mode === 'down') return void request.socket.destroy()
    if (place === 'discovery') {
      return void json({
        issuer: url,
        jwks_uri: `${url}jwks`,
        userinfo_endpoint: `${url}userinfo`,
        ...issuer.discovery,
      })
    }
    if (fail(issuer.mode, response, url)) return
    if (place === 'keys') return void json({ keys: publishedKeys(issuer.mode, keys) })
    const profile = issuer.profiles.get(sub)
    return void json(profile ? { sub, ...profile } : { error: 'invalid_token' }, profile ? 200 : 401)
  }

  return issuer
}

/** Returns the subject of the request's token, unverified. */
function subjectOf({ headers }: IncomingMessage): string {
  const claims = headers.authorization?.split('.')[1] ?? ''
  const { sub } = JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}') as { sub?: string }
  return sub ?? ''
}

/** Applies a failure. @returns false if the mode has none for this request */
function fail(mode: IssuerMode, response: ServerResponse, url: string): boolean {
  switch (mode) {
    case 'slow':
      return true
    case 'html':
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><h1>We are down for maintenance</h1>')
      return true
    case 'error':
      response.writeHead(500).end('{"keys":"no"}')
      return true
    case 'redirect':
      response.writeHead(302, { location: `${url}elsewhere` }).end()
      return true
    case 'huge': {
      response.writeHead(200, { 'content-type': 'application/json' })
      const chunk = Buffer.alloc(64 * 1024, ' ')
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', more).on('error', () => {})
      more()
      return true
    }
    default:
      return false
  }
}

function publishedKeys(mode: IssuerMode, keys: readonly SigningKey[]): unknown[] {
  if (mode === 'empty') return []
  if (mode === 'private')
    return keys.map(({ kid, privateKey }) => ({ ...privateKey.export({ format: 'jwk' }), kid, use: 'sig' }))
  if (mode === 'foreign') return foreignKeys(keys)
  return keys.map(({ kid, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }))
}

/** Returns keys that must not verify a token although they have the kid of the signing key. */
function foreignKeys(keys: readonly SigningKey[]): unknown[] {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
  return keys.flatMap(({ kid, publicKey }) => {
    const good = publicKey.export({ format: 'jwk' })
    return [
      { ...weak, kid },
      { ...curve, kid },
      { kty: 'oct', k: Buffer.from('secret').toString('base64url'), kid },
      { ...good, kid, use: 'enc' },
      { ...good, kid, alg: 'PS256' },
      { ...good, kid, key_ops: ['encrypt'] },
      { ...good, kid: 7 },
      { ...good },
      { ...good, kid, n: 'AQAB' },
      { ...good, kid: [kid] },
      { ...good, kid, kty: ['RSA'] },
      { ...good, kid, use: ['sig'] },
      { ...good, kid, alg: ['RS256'] },
      { ...good, kid, alg: '__proto__' },
      { ...good, kid, key_ops: 'verify' },
      { ...good, kid, n: [good.n] },
      { ...good, kid, e: { toString: good.e } },
      { ...good, kid, d: null },
      [{ ...good, kid }],
      'not a key',
      null,
    ]
  })
}
