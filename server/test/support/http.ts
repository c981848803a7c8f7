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
  /** Of a body in JSON. */
  readonly errors: AnswerError[] | undefined

  readonly data: any
}

export interface RawRequest {
  readonly method?: string
  readonly path?: string
  readonly headers?: Record<string, string>
  /** Text as it is; anything else as JSON. */
  readonly body?: unknown
  /** Without Content-Length. */
  readonly chunked?: boolean
}

export const json = { 'content-type': 'application/json' }

/** Any method, any headers, also those that `fetch` would not send. JSON by POST to /graphql unless said otherwise. */
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

/** Bytes as they are, on a connection of their own. @returns all that came back, once the server has closed it */
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

/** What the factories write into the part of an article that is not public. */
const gatedText = /Secret of/
const root = path.resolve(import.meta.dirname, '../../..')
const insides = new RegExp(
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

/** What holds after any request, however hostile: nothing of a gated body, no token and none of our insides got out, and the server lives. */
export async function expectUnharmed(
  { url, logs }: Pick<TestApp, 'url' | 'logs'>,
  { text, headers }: { readonly text: string; readonly headers?: Headers | IncomingHttpHeaders },
): Promise<void> {
  const shown = text + JSON.stringify(headers instanceof Headers ? Object.fromEntries(headers) : (headers ?? {}))
  expect(shown).not.toMatch(gatedText)
  expect(shown).not.toMatch(insides)
  const logged = logs.join('')
  expect(logged).not.toMatch(gatedText)
  expect(logged).not.toMatch(/eyJ|bearer /i)
  expect((await fetch(`${url}/health/live`)).status).toBe(200)
}
