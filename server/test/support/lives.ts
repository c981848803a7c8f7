import { charge, dispute, event, id, invoice, invoicePayment, subscription } from './provider-events.ts'

/** All that the provider tells of one membership from its beginning to its end, in order. */
export interface Life {
  readonly title: string
  readonly events: readonly ReturnType<typeof event>[]
}

export interface Cast {
  readonly customer: string
  /** Prices. */
  readonly supporter: string
  readonly patron: string
}

const day = 86_400
const month = 30 * day
const start = 1_790_000_000

type Fields = Record<string, unknown>
/** What an invoice charges and gives back, by price. */
type Lines = Pick<Parameters<typeof invoice>[0], 'price' | 'credits' | 'proration'>

/** Writes a life down: each call is what the provider would tell at that time. */
function chronicle({ customer, supporter }: Cast) {
  const subscriptionId = id('sub')
  const events: ReturnType<typeof event>[] = []
  let now: Fields = {}
  const snapshot = () =>
    subscription({ id: subscriptionId, customer, price: supporter, start, periodEnd: start + month, ...now })
  const tell = (type: string, object: Record<string, unknown>, created: number, previous?: Fields) =>
    void events.push(event(type, object, { created, ...(previous && { previous }) }))
  return {
    events,
    subscriptionId,
    begin(fields: Fields = {}, created = start) {
      now = fields
      tell('customer.subscription.created', snapshot(), created)
    },
    turn(created: number, fields: Fields) {
      const before = snapshot() as Fields
      now = { ...now, ...fields }
      const after = snapshot() as Fields
      const previous = Object.fromEntries(
        Object.entries(before).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(after[key])),
      )
      tell('customer.subscription.updated', after, created, previous)
    },
    end(created: number, endedAt = created) {
      now = { ...now, status: 'canceled', ended_at: endedAt, canceled_at: created }
      tell('customer.subscription.deleted', snapshot(), created)
    },
    pay(created: number, from: number, to: number, lines: Lines = {}): string {
      const invoiceId = id('in')
      const payment = id('pi')
      const bill = { id: invoiceId, customer, subscription: subscriptionId, start: from, end: to, ...lines }
      tell('invoice.created', invoice({ ...bill, status: 'draft' }), created)
      tell('invoice_payment.paid', invoicePayment(invoiceId, payment), created)
      tell('invoice.paid', invoice(bill), created)
      return payment
    },
    fail(created: number, from: number, to: number, lines: Lines = {}) {
      const bill = { id: id('in'), customer, subscription: subscriptionId, start: from, end: to, ...lines }
      tell('invoice.payment_failed', invoice({ ...bill, status: 'open' }), created)
    },
    refund(created: number, payment: string, of: number, amount = 500) {
      tell('charge.refunded', charge(customer, payment, amount, of), created)
    },
    lose: (created: number, payment: string) => tell('charge.dispute.closed', dispute(payment, 'lost'), created),
    schedule(created: number, status: string, next: string, at: number) {
      const object = {
        object: 'subscription_schedule',
        id: `sub_sched_${subscriptionId}`,
        customer,
        subscription: subscriptionId,
        status,
        phases: [
          { start_date: start, end_date: at, items: [{ price: supporter }] },
          { start_date: at, end_date: at + month, items: [{ price: next }] },
        ],
      }
      tell(status === 'active' ? 'subscription_schedule.updated' : `subscription_schedule.${status}`, object, created)
    },
  }
}

/** A membership that is upgraded on the ninth day of a period, and pays the difference. */
function upgraded(cast: Cast, end: number) {
  const life = chronicle(cast)
  life.begin({ periodEnd: end })
  const base = life.pay(start, start, end, { price: cast.supporter })
  life.turn(start + 9 * day, { price: cast.patron })
  const difference = life.pay(start + 9 * day, start + 9 * day, end, upgrade(cast))
  return { life, base, difference }
}

const upgrade = ({ supporter, patron }: Cast): Lines => ({ price: patron, credits: supporter, proration: true })

const year = 365 * day
const renewal = { periodStart: start + month, periodEnd: start + 2 * month }

/** Lives, each with names of its own. */
export const lives: readonly ((cast: Cast) => Life)[] = [
  (cast) => {
    const life = chronicle(cast)
    life.begin()
    life.pay(start, start, start + month)
    life.turn(start + month, renewal)
    life.pay(start + month, start + month, start + 2 * month)
    return { title: 'paid and renewed', events: life.events }
  },
  (cast) => {
    const life = chronicle(cast)
    life.begin({ status: 'trialing', periodEnd: start + 14 * day })
    life.pay(start, start, start + 14 * day)
    life.turn(start + 14 * day, {
      status: 'active',
      periodStart: start + 14 * day,
      periodEnd: start + 14 * day + month,
    })
    life.pay(start + 14 * day, start + 14 * day, start + 14 * day + month)
    return { title: 'a trial that is paid', events: life.events }
  },
  (cast) => {
    const life = chronicle(cast)
    life.begin({ status: 'trialing', periodEnd: start + 14 * day })
    life.turn(start + 3 * day, { cancel_at_period_end: true, cancel_at: start + 14 * day })
    life.end(start + 14 * day)
    return { title: 'a trial that is cancelled', events: life.events }
  },
  (cast) => {
    const life = chronicle(cast)
    life.begin()
    life.pay(start, start, start + month)
    life.turn(start + 5 * day, { cancel_at_period_end: true })
    life.turn(start + 6 * day, { cancel_at_period_end: false })
    life.turn(start + 6 * day, { cancel_at_period_end: true })
    life.end(start + month)
    return { title: 'cancelled, kept and cancelled in one second', events: life.events }
  },
  (cast) => {
    const life = chronicle(cast)
    life.begin()
    life.pay(start, start, start + month)
    life.turn(start + month, { ...renewal, status: 'past_due' })
    life.fail(start + month, start + month, start + 2 * month)
    life.turn(start + month + 3 * day, { status: 'active' })
    life.pay(start + month + 3 * day, start + month, start + 2 * month)
    return { title: 'a renewal that fails and is paid later', events: life.events }
  },
  (cast) => {
    const life = chronicle(cast)
    life.begin()
    life.pay(start, start, start + month)
    life.turn(start + month, { ...renewal, status: 'past_due' })
    life.turn(start + month + 5 * day, { status: 'unpaid' })
    life.end(start + month + 15 * day)
    return { title: 'a renewal that is never paid', events: life.events }
  },
  (cast) => {
    const life = chronicle(cast)
    life.begin()
    life.pay(start, start, start + month)
    life.turn(start + 9 * day, { price: cast.patron })
    life.pay(start + 9 * day, start + 9 * day, start + month, { proration: true })
    life.turn(start + month, renewal)
    return { title: 'a change upwards', events: life.events }
  },
  (cast) => {
    const life = chronicle(cast)
    life.begin()
    life.pay(start, start, start + month)
    life.turn(start + 9 * day, { schedule: `sub_sched_${life.subscriptionId}` })
    life.schedule(start + 9 * day, 'active', cast.patron, start + month)
    life.turn(start + month, { ...renewal, price: cast.patron })
    life.schedule(start + month, 'completed', cast.patron, start + month)
    life.turn(start + month, { schedule: null })
    return { title: 'a change at the end of the period', events: life.events }
  },
  (cast) => {
    const life = chronicle(cast)
    life.begin()
    const payment = life.pay(start, start, start + month)
    life.refund(start + 2 * day, payment, 200)
    life.refund(start + 4 * day, payment, 500)
    life.end(start + 4 * day + 60)
    return { title: 'a refund in two parts', events: life.events }
  },
  (cast) => {
    const life = chronicle(cast)
    life.begin()
    life.pay(start, start, start + month)
    life.turn(start + month, renewal)
    const payment = life.pay(start + month, start + month, start + 2 * month)
    life.lose(start + month + 9 * day, payment)
    return { title: 'a dispute that is lost', events: life.events }
  },
  (cast) => {
    const { life, difference } = upgraded(cast, start + month)
    life.refund(start + 12 * day, difference, 500)
    return { title: 'an upgrade whose difference is refunded', events: life.events }
  },
  (cast) => {
    const { life, difference } = upgraded(cast, start + month)
    life.lose(start + 20 * day, difference)
    // What the server then asks of the provider.
    life.turn(start + 20 * day, { price: cast.supporter })
    life.turn(start + month, { ...renewal, price: cast.supporter })
    life.pay(start + month, start + month, start + 2 * month, { price: cast.supporter })
    return { title: 'an upgrade whose dispute is lost, and a renewal of what is paid', events: life.events }
  },
  (cast) => {
    const { life, difference } = upgraded(cast, start + year)
    life.lose(start + 100 * day, difference)
    return { title: 'an upgrade of a year whose dispute is lost', events: life.events }
  },
  (cast) => {
    const { life, difference } = upgraded(cast, start + year)
    life.refund(start + 20 * day, difference, 500)
    life.turn(start + 20 * day, { price: cast.supporter })
    life.turn(start + 30 * day, { price: cast.patron })
    life.pay(start + 30 * day, start + 30 * day, start + year, upgrade(cast))
    return { title: 'an upgrade of a year that is refunded, and bought again', events: life.events }
  },
  (cast) => {
    const { life, base } = upgraded(cast, start + month)
    life.refund(start + 12 * day, base, 500)
    return { title: 'an upgrade whose base is refunded', events: life.events }
  },
  (cast) => {
    const { life, difference } = upgraded(cast, start + month)
    life.turn(start + month, { ...renewal, status: 'past_due' })
    life.fail(start + month, start + month, start + 2 * month, { price: cast.patron })
    life.lose(start + month + 2 * day, difference)
    return { title: 'an upgrade whose dispute is lost in the grace after it', events: life.events }
  },
  (cast) => {
    const { life, difference } = upgraded(cast, start + month)
    life.turn(start + month, { ...renewal, status: 'past_due' })
    life.fail(start + month, start + month, start + 2 * month, { price: cast.patron })
    life.refund(start + month + 2 * day, difference, 500)
    life.turn(start + month + 3 * day, { status: 'active' })
    life.pay(start + month + 3 * day, start + month, start + 2 * month, { price: cast.patron })
    return {
      title: 'an upgrade that is refunded in the grace after it, and a renewal that is paid',
      events: life.events,
    }
  },
  (cast) => {
    const life = chronicle(cast)
    life.begin()
    const payment = life.pay(start, start, start + month, { price: cast.supporter })
    life.turn(start + month, { ...renewal, status: 'past_due' })
    life.fail(start + month, start + month, start + 2 * month, { price: cast.supporter })
    life.refund(start + month + 2 * day, payment, 500)
    return { title: 'a payment that is refunded in the grace after it', events: life.events }
  },
]
/** What each of the last lives holds at its end: its price and its status. */
export const lastStanding = [
  ['supporter', 'ACTIVE'],
  ['supporter', 'ACTIVE'],
  ['supporter', 'ACTIVE'],
  ['patron', 'ACTIVE'],
  ['patron', 'ENDED'],
  ['supporter', 'PAST_DUE'],
  ['patron', 'ACTIVE'],
  ['supporter', 'ENDED'],
] as const
