import { afterEach, expect, test } from '@jest/globals'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type Stripe from 'stripe'
import {
  control,
  daySeconds,
  itemOf,
  makePayer,
  makePlans,
  moveDays,
  startPayments,
  startReceiver,
  submit,
  subscriptionOf,
  webhookSecret,
  type Receiver,
  type Running,
} from './test-payments.ts'
import { testCards } from './billing/cards.ts'
import type { PaymentSettings } from './settings.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const one of cleanups.splice(0).reverse()) await one()
})

async function start(changes: Partial<PaymentSettings> = {}): Promise<Running> {
  const running = await startPayments(changes)
  cleanups.push(running.close)
  return running
}
async function receive(): Promise<Receiver> {
  const receiver = await startReceiver()
  cleanups.push(receiver.close)
  return receiver
}
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gatepost-payments-'))
  cleanups.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function until(condition: () => boolean): Promise<void> {
  const patience = Date.now() + 20_000
  while (!condition()) {
    if (Date.now() > patience) throw new Error('it did not come')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Follows the clock as a server does. */
async function follow(
  url: string,
  hear: (line: { listener: string; sequence: number; offsetMilliseconds: number }) => void,
) {
  const stop = new AbortController()
  cleanups.push(() => stop.abort())
  const response = await fetch(`${url}/_local/clock/stream`, { signal: stop.signal })
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader()
  void (async () => {
    let rest = ''
    for (;;) {
      const { value, done } = await reader.read().catch(() => ({ value: undefined, done: true }))
      if (done) return
      const lines = (rest + (value ?? '')).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) hear(JSON.parse(line) as Parameters<typeof hear>[0])
    }
  })()
}

test('webhooks are signed, as the SDK checks it, with wall time', async () => {
  const receiver = await receive()
  const { stripe, url } = await start({ webhookUrl: receiver.url })
  await moveDays(url, 400)
  const product = await stripe.products.create({ name: 'Signed' })
  await control(url, 'webhooks/flush', {})
  const [one] = receiver.received
  const header = String(one?.headers['stripe-signature'])
  const event = stripe.webhooks.constructEvent(one?.body ?? '', header, webhookSecret)
  expect(event).toMatchObject({ type: 'product.created', data: { object: { id: product.id } }, pending_webhooks: 1 })
  expect(event.created - Date.now() / 1000).toBeGreaterThan(399 * daySeconds)
  expect(() => stripe.webhooks.constructEvent(`${one?.body} `, header, webhookSecret)).toThrow('signature')
  expect((await stripe.events.list({ limit: 1 })).data).toMatchObject([{ id: event.id, pending_webhooks: 0 }])
})

test('a server has moved its clock before it gets what happened', async () => {
  const receiver = await receive()
  const { stripe, url } = await start({ webhookUrl: receiver.url })
  let offset = 0
  const early: string[] = []
  receiver.answer = () => {
    const event = receiver.received.at(-1)?.event
    if (event && (Date.now() + offset) / 1000 < event.created) early.push(event.type)
    return 200
  }
  await follow(url, ({ listener, sequence, offsetMilliseconds }) => {
    // A slow one: it takes its time to hear.
    setTimeout(() => {
      offset = offsetMilliseconds
      void control(url, 'clock/ack', { listener, sequence })
    }, 50)
  })
  const { supporter } = await makePlans(stripe)
  const customer = await makePayer(stripe)
  await stripe.subscriptions.create(subscriptionOf(customer, supporter))
  await control(url, 'webhooks/flush', {})
  const before = receiver.received.length
  const answer = (await moveDays(url, 65)) as { now: string; offsetMilliseconds: number }
  expect(Math.round(answer.offsetMilliseconds / 1000 / daySeconds)).toBe(65)
  expect(offset).toBe(answer.offsetMilliseconds)
  const told = receiver.received.slice(before).map(({ event }) => event)
  expect(told.filter(({ type }) => type === 'invoice.paid')).toHaveLength(2)
  expect(told.map(({ created }) => created)).toEqual(
    told.map(({ created }) => created).sort((one, other) => one - other),
  )
  expect(told.map(({ id }) => id)).toEqual(told.map(({ id }) => id).sort())
  expect(early).toEqual([])
})

test('the clock goes forward only, and never ten years at once', async () => {
  const { url } = await start()
  await moveDays(url, 2)
  await expect(control(url, 'clock', { advanceMilliseconds: -1 })).rejects.toThrow('only move forward')
  await expect(control(url, 'clock', { to: new Date().toISOString() })).rejects.toThrow('only move forward')
  await expect(moveDays(url, 3700)).rejects.toThrow('ten years')
  await expect(control(url, 'clock', { to: 'tomorrow' })).rejects.toThrow('not an instant')
  const { now, offsetMilliseconds } = (await control(url, 'clock')) as { now: string; offsetMilliseconds: number }
  expect(Date.parse(now) - Date.now() - offsetMilliseconds).toBeLessThan(2_000)
})

test('what is not taken comes again', async () => {
  const receiver = await receive()
  receiver.answer = (count) => (count <= 2 ? 500 : 200)
  const { stripe, url } = await start({ webhookUrl: receiver.url })
  const first = await stripe.products.create({ name: 'First' })
  const { queue } = (await control(url, 'webhooks/flush', {})) as { queue: { attempts: number; lastAnswer: string }[] }
  expect(queue).toMatchObject([{ type: 'product.created', state: 'pending', attempts: 1, lastAnswer: '500' }])
  await until(() => receiver.received.length === 3)
  expect(new Set(receiver.received.map(({ event }) => (event.data.object as { id: string }).id))).toEqual(
    new Set([first.id]),
  )
  await until(() => receiver.received.length === 3)
  await control(url, 'webhooks/flush', {})
  expect(((await control(url, 'webhooks')) as { queue: unknown[] }).queue).toEqual([])
})

test('webhooks are held back until they are let out', async () => {
  const receiver = await receive()
  const { stripe, url } = await start({ webhookUrl: receiver.url })
  await control(url, 'webhooks', { paused: true })
  await stripe.products.create({ name: 'One' })
  await stripe.products.create({ name: 'Two' })
  const { paused, queue } = (await control(url, 'webhooks/flush', {})) as { paused: boolean; queue: unknown[] }
  expect([paused, queue.length, receiver.received.length]).toEqual([true, 2, 0])
  await control(url, 'webhooks', { paused: false })
  await control(url, 'webhooks/flush', {})
  expect(receiver.received).toHaveLength(2)
})

test('everything is there after a restart, in one private file', async () => {
  const folder = await makeFolder()
  const gone = createServer().listen(0, '127.0.0.1')
  await once(gone, 'listening')
  const { port } = gone.address() as { port: number }
  await new Promise((resolve) => gone.close(resolve))
  const webhookUrl = `http://127.0.0.1:${port}/webhooks`
  const first = await startPayments({ folder, webhookUrl })
  const { supporter } = await makePlans(first.stripe)
  const customer = await makePayer(first.stripe)
  const made = await first.stripe.subscriptions.create(subscriptionOf(customer, supporter))
  await moveDays(first.url, 40)
  const { queue } = (await control(first.url, 'webhooks')) as { queue: { lastAnswer: string }[] }
  expect(queue[0]?.lastAnswer).toBe('ECONNREFUSED')
  await first.close()
  expect((await stat(path.join(folder, 'state.json'))).mode & 0o777).toBe(0o600)

  const receiver = await receive()
  const second = await start({ folder, webhookUrl: receiver.url })
  expect(Date.parse(((await control(second.url, 'clock')) as { now: string }).now) - Date.now()).toBeGreaterThan(
    39 * daySeconds * 1000,
  )
  const again = await second.stripe.subscriptions.retrieve(made.id)
  expect(itemOf(again).current_period_start).toBe(itemOf(made).current_period_end)
  await until(() => receiver.received.length === queue.length)
  const before = (await second.stripe.events.list({ limit: 1 })).data[0]?.id ?? ''
  await second.stripe.products.create({ name: 'Later' })
  expect(((await second.stripe.events.list({ limit: 1 })).data[0]?.id ?? '') > before).toBe(true)
})

test('a damaged state stops the start, and says what to do', async () => {
  const folder = await makeFolder()
  await (await startPayments({ folder })).close()
  const file = path.join(folder, 'state.json')
  await writeFile(file, '{"version":1,"tables"')
  await expect(startPayments({ folder })).rejects.toThrow(`${file} is damaged. Delete it`)
  expect(await readFile(file, 'utf8')).toBe('{"version":1,"tables"')
})

test('a state of an earlier version is read, without the tables that are gone', async () => {
  const folder = await makeFolder()
  const first = await startPayments({ folder })
  const made = await first.stripe.customers.create({ name: 'Ada' })
  await first.close()
  const file = path.join(folder, 'state.json')
  const state = JSON.parse(await readFile(file, 'utf8')) as { tables: Record<string, object[]> }
  const delivery = { id: 'evt_0:configured', event: 'evt_0', endpoint: 'configured', state: 'pending', attempts: [] }
  const tables = { ...state.tables, webhook_endpoint: [{ id: 'we_1' }], delivery: [{ ...delivery, nextAttemptAt: 0 }] }
  await writeFile(file, JSON.stringify({ ...state, tables }))
  const { stripe, url } = await start({ folder })
  expect(await stripe.customers.retrieve(made.id)).toMatchObject({ name: 'Ada' })
  await control(url, 'webhooks/flush', {})
})

const personaOf = (priceId: string, now: number) => {
  const iso = (days: number) => new Date(now + days * daySeconds * 1000).toISOString()
  return {
    customerId: 'cus_pastdue',
    email: 'pastdue@example.test',
    name: 'Paula Late',
    subscriptionId: 'sub_pastdue',
    priceId,
    status: 'past_due',
    startedAt: iso(-100),
    periodStart: iso(-9),
    periodEnd: iso(21),
    card: 'failsAtRenewal',
  }
}

test('a persona stands there as if it always had, and no event tells', async () => {
  const receiver = await receive()
  const { stripe, url } = await start({ webhookUrl: receiver.url })
  const { supporter } = await makePlans(stripe)
  await control(url, 'webhooks/flush', {})
  const before = receiver.received.length
  const persona = personaOf(supporter.id, Date.now())
  const first = (await control(url, 'subscriptions', persona)) as Stripe.Subscription
  const second = (await control(url, 'subscriptions', persona)) as Stripe.Subscription
  expect(second).toEqual(first)
  expect((await stripe.events.list({ limit: 1 })).data[0]?.type).toBe('price.created')
  expect(receiver.received).toHaveLength(before)
  const invoices = (await stripe.invoices.list({ subscription: 'sub_pastdue', limit: 100 })).data
  expect(invoices.map(({ status }) => status)).toEqual(['open', 'paid', 'paid', 'paid'])
  expect(invoices[0]).toMatchObject({ attempt_count: 3, id: first.latest_invoice })
  expect(await stripe.subscriptions.retrieve('sub_pastdue', { expand: ['default_payment_method'] })).toMatchObject({
    status: 'past_due',
    default_payment_method: { card: { last4: '0341' } },
  })
  await moveDays(url, 7)
  expect((await stripe.subscriptions.retrieve('sub_pastdue')).status).toBe('canceled')
  await control(url, 'subscriptions', { ...persona, status: 'canceled', card: 'pays', endedAt: persona.periodStart })
  expect(await stripe.subscriptions.retrieve('sub_pastdue')).toMatchObject({
    status: 'canceled',
    cancel_at_period_end: false,
  })
  await expect(control(url, 'subscriptions', { ...persona, priceId: 'price_none' })).rejects.toThrow('price_none')
})

test.each([
  ['POST', '_local/clock', { 'content-type': 'text/plain' }, 415],
  ['POST', '_local/clock', { 'content-type': 'application/json', host: 'evil.example' }, 421],
  ['GET', '_local/state', { host: 'evil.example:4002' }, 421],
  ['GET', 'v1/customers', { host: 'evil.example' }, 421],
  ['GET', '', { host: 'evil.example' }, 421],
  ['POST', '_local/nothing', { 'content-type': 'application/json' }, 404],
])('%s %s with %o is %i', async (method, path, headers, status) => {
  const { port } = await start()
  const call = request({ host: '127.0.0.1', port, path: `/${path}`, method, headers })
  call.end(method === 'POST' ? '{"advanceMilliseconds":1000}' : undefined)
  const [response] = (await once(call, 'response')) as [{ statusCode: number; resume: () => void }]
  response.resume()
  expect(response.statusCode).toBe(status)
})

test('the overview moves the clock and gives money back, with its own forms only', async () => {
  const { stripe, url } = await start()
  const { supporter } = await makePlans(stripe)
  const customer = await makePayer(stripe)
  await stripe.subscriptions.create(subscriptionOf(customer, supporter))
  const html = await (await fetch(url)).text()
  for (const text of ['Ada King', 'Supporter', 'active', '+1 month', 'Refund half', 'invoice.paid'])
    expect(html).toContain(text)
  for (const { number, hint } of testCards) {
    expect(html).toContain(`${number.replace(/(.{4})(?=.)/g, '$1 ')}</code> <span class="soft">${hint}</span>`)
  }
  const token = /\/actions\/(token_\w+)\/clock/.exec(html)?.[1] ?? ''
  const [charge] = (await stripe.charges.list({ customer: customer.id })).data
  expect((await submit(`${url}/actions/token_guessed/clock`, { step: 'month' })).status).toBe(404)
  expect((await submit(`${url}/actions/${token}/clock`, { step: 'month' })).status).toBe(303)
  expect((await submit(`${url}/actions/${token}/clock`, { step: 'to', to: '2020-01-01T00:00' })).status).toBe(400)
  await submit(`${url}/actions/${token}/charge`, { charge: charge?.id ?? '', do: 'half' })
  const [, refunded] = (await stripe.charges.list({ customer: customer.id })).data
  expect(refunded).toMatchObject({ id: charge?.id, amount_refunded: 250 })
  expect((await stripe.invoices.list({ customer: customer.id })).data).toHaveLength(2)
  const state = (await control(url, 'state')) as { nextDue: { what: string }; customers: unknown[] }
  expect([state.nextDue.what, state.customers.length]).toEqual(['a subscription renews', 1])
})
