import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, expect, test } from '@jest/globals'
import Fastify from 'fastify'
import { closeConnectionsOnStop } from './closing.ts'

const large = Buffer.alloc(64 * 2 ** 20)
const clients: Socket[] = []
afterEach(() => clients.splice(0).forEach((client) => client.destroy()))

/** Starts a server with several kinds of responses, and a function that sends it bytes. */
async function start() {
  const app = Fastify({ forceCloseConnections: 'idle' })
  const begin = closeConnectionsOnStop(app, 20)
  const work = { begun: () => undefined as void, finish: () => undefined as void }
  const begun = new Promise<void>((resolve) => (work.begun = resolve))
  app.post('/echo', (request) => request.body)
  app.get('/large', (_request, reply) => reply.send(large))
  app.get('/large-stream', (_request, reply) => reply.send(Readable.from([large, large])))
  app.get('/work', () => {
    work.begun()
    return new Promise((resolve) => (work.finish = () => resolve({ done: true })))
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  /** Connects a paused client. It reads nothing until it is resumed. */
  const send = async (text: string): Promise<Socket> => {
    const accepted = once(app.server, 'connection') as Promise<[Socket]>
    const client = connect(port, '127.0.0.1')
    clients.push(client)
    client.on('error', () => undefined).pause()
    const [socket] = await accepted
    if (text !== '') {
      client.write(text)
      while (socket.bytesRead < text.length) await new Promise((resolve) => setImmediate(resolve))
    }
    return client
  }
  const stop = async (): Promise<void> => {
    begin()
    await app.close()
  }
  return { send, stop, begun, work }
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`
const half = 'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 20\r\n'

test.each([
  ['sends nothing', ''],
  ['stalls in the first line', 'GET /ec'],
  ['stalls in its headers', half],
  ['stalls before its body', `${half}\r\n`],
  ['stalls in its body', `${half}\r\n{"a"`],
  ['stalls in its second request', `${half}\r\n{"a":"0123456789ab"}${half}`],
  ['does not take its response', get('/large')],
  ['does not take its streamed response', get('/large-stream')],
])('a stop does not wait for a client that %s', async (_title, text) => {
  const { send, stop } = await start()
  await send(text)
  await stop()
})

test('a stop waits for a request in progress and closes its connection', async () => {
  const { send, stop, begun, work } = await start()
  const stalled = await send(half)
  const client = await send(get('/work'))
  await begun
  const stopped = stop()
  const gone = once(stalled.resume(), 'close')
  await gone
  let answer = ''
  client.on('data', (chunk) => (answer += chunk.toString())).resume()
  work.finish()
  await once(client, 'close')
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n(.+\r\n)*connection: close\r\n(.+\r\n)*\r\n\{"done":true\}$/i)
  await stopped
})
