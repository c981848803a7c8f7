import { connect, type AddressInfo } from 'node:net'
import { afterAll, expect, test } from '@jest/globals'
import Fastify from 'fastify'
import { AddressLimit } from './limits/address-limit.ts'
import { answerErrors, answerUnreadable } from './errors.ts'

// The API waits 20 seconds for a request. This server waits 0.2 seconds, so that the test is fast.

const app = Fastify({
  requestTimeout: 200,
  http: { headersTimeout: 200, connectionsCheckingInterval: 50 },
  clientErrorHandler: answerUnreadable(new AddressLimit(1_000, () => 0)),
})
answerErrors(app)
app.get('/broken', () => Promise.reject(new TypeError('secret')))
app.get('/busy', () => Promise.reject(Object.assign(new Error('secret'), { statusCode: 503 })))
app.get('/odd', () => Promise.reject(Object.assign(new Error('secret'), { statusCode: 418 })))
app.post('/', (request) => request.body)
await app.listen({ host: '127.0.0.1', port: 0 })
afterAll(() => app.close())

const answerTo = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ''
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
    socket.on('data', (part) => (text += part.toString()))
    socket.on('close', () => resolve(text)).on('error', reject)
    socket.write(bytes)
  })

test.each([
  ['headers', 'POST / HTTP/1.1\r\nHost: x\r\nX: '],
  ['a body', 'POST / HTTP/1.1\r\nHost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{'],
  [
    'chunks',
    'POST / HTTP/1.1\r\nHost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n',
  ],
])('G25: %s that stall get a 408, and the connection closes', async (_title, bytes) => {
  const [head = '', body = ''] = (await answerTo(bytes)).split('\r\n\r\n')
  expect(head).toMatch(/^HTTP\/1.1 408 /)
  expect(head).toContain('connection: close')
  expect(JSON.parse(body)).toEqual({
    errors: [
      {
        message: 'The request did not arrive in time.',
        extensions: { code: 'BAD_REQUEST', requestId: expect.any(String) },
      },
    ],
  })
})

test.each([
  ['/broken', 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.', undefined],
  ['/busy', 503, 'SERVICE_UNAVAILABLE', 'The server is too busy or is stopping. Try again.', '5'],
  ['/odd', 418, 'BAD_REQUEST', 'The request cannot be answered.', undefined],
])('an error at %s becomes a %d without details', async (url, status, code, message, retryAfter) => {
  const answer = await app.inject({ url })
  expect(answer.statusCode).toBe(status)
  expect(answer.headers['retry-after']).toBe(retryAfter)
  expect(answer.json()).toEqual({ errors: [{ message, extensions: { code, requestId: expect.any(String) } }] })
})
