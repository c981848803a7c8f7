import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from '@jest/globals'
import { startTestApp } from './support/app.ts'

const app = await startTestApp({ env: { RATE_LIMIT_IN_FLIGHT: '2' } })
const { port } = new URL(app.url)

const body = JSON.stringify({ query: '{ plans { slug } }' })
const post = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
const get = 'GET /graphql?query=%7Bplans%7Bslug%7D%7D HTTP/1.1\r\nhost: x\r\napollo-require-preflight: 1\r\n\r\n'

test.each([
  ['a POST before five GETs', post + get.repeat(5)],
  ['six GETs', get.repeat(6)],
])('closes the connection after %s in one packet', async (_title, packet) => {
  for (let times = 0; times < 3; times += 1) {
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => undefined)
    socket.resume()
    socket.write(packet)
    await once(socket, 'close')
  }
  const answers = await Promise.all([1, 2, 3, 4].map(() => app.ask('{ plans { slug } }')))
  expect(answers.map(({ errors }) => errors)).toEqual([undefined, undefined, undefined, undefined])
})
