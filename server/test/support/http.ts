import { expect } from '@jest/globals'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { hostname } from 'node:os'
import path from 'node:path'
import type { AnswerError, TestApp } from './app.ts'

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** Parsed from a JSON body. */
  readonly errors: AnswerError[] | undefined

  readonly data: any
}

export interface RawRequest {
  readonly method?: string
  readonly path?: string
  readonly headers?: Record<string, string>
  /** A string is sent unchanged, any other value as JSON. */
  readonly body?: unknown
  /** Whether to omit Content-Length. */
  readonly chunked?: boolean
}

export const json = { 'content-type': 'application/json' }

/** Sends a request with any method and headers, including those that `fetch` refuses. Default: JSON by POST to /graphql. */
export function send(
  { url }: Pick<TestApp, 'url'>,
  { method = 'POST', path: where = '/graphql', headers = json, body, chunked = false }: RawRequest,
): Promise<RawAnswer> {
  const bytes = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
  const { hostname: host, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const length = bytes === undefined || chunked ? undefined : Buffer.byteLength(bytes)
    const request = httpRequest(
      {
        host,
        port,
        path: where,
        method,
        headers: { ...headers, ...(length !== undefined && { 'content-length': length }) },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => (text += part))
        response.on('end', () => {
          const isJson = response.headers['content-type']?.includes('json') && text !== ''
          const parsed = (isJson ? JSON.parse(text) : {}) as Pick<RawAnswer, 'errors' | 'data'>
          const { statusCode: status = 0, headers: answered } = response
          resolve({ status, headers: answered, text, errors: parsed.errors, data: parsed.data })
        })
      },
    )
    request.on('error', reject)
    request.end(bytes)
  })
}

/** Sends raw bytes on a new connection. @returns the response, when the server has closed the connection */
export function sendBytes({ url }: Pick<TestApp, 'url'>, bytes: string): Promise<string> {
  const { hostname: host, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(Number(port), host)
    socket.setEncoding('utf8').setTimeout(5_000, () => socket.destroy(new Error('the server keeps the connection')))
    socket.on('data', (part) => (text += String(part)))
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
    socket.write(bytes)
  })
}

/** Matches the gated text of the articles that the factories create. */
const gatedText = /Secret of/
const root = path.resolve(import.meta.dirname, '../../..')
const internals = new RegExp(
  [
    'node_modules',
    'file://',
    String.raw`\.[cm]?[jt]s:\d`,
    String.raw`\n\s+at `,
    'prisma',
    'postgres',
    'SELECT .* FROM',
    'ECONN',
    String.raw`127\.0\.0\.1:\d`,
    root,
    String.raw`(?<![\w-])${hostname()}(?![\w-])`,
  ].join('|'),
  'i',
)

/** Asserts that a response and the logs contain no gated text, no token and no internal detail, and that the server is alive. */
export async function expectUnharmed(
  { url, logs }: Pick<TestApp, 'url' | 'logs'>,
  { text, headers }: { readonly text: string; readonly headers?: Headers | IncomingHttpHeaders },
): Promise<void> {
  const shown = text + JSON.stringify(headers instanceof Headers ? Object.fromEntries(headers) : (headers ?? {}))
  expect(shown).not.toMatch(gatedText)
  expect(shown).not.toMatch(internals)
  const logged = logs.join('')
  expect(logged).not.toMatch(gatedText)
  expect(logged).not.toMatch(/eyJ|bearer /i)
  expect((await fetch(`${url}/health/live`)).status).toBe(200)
}
