import { charge, dispute, event, id, invoice, invoicePayment, subscription } from './provider-events.ts'

/** All events of a subscription, in order. */
export interface SubscriptionHistory {
  readonly title: string
  readonly events: readonly ReturnType<typeof event>[]
}

export interface HistoryIds {
  readonly customer: string
  /** Ids of prices. */
  readonly supporter: string
  readonly patron: string
}

const day = 86_400
const month = 30 * day
const start = 1_790_000_000

type Fields = Record<string, unknown>
/** The price that an invoice charges and the price that it credits. */
type Lines = Pick<Parameters<typeof invoice>[0], 'price' | 'credits' | 'proration'>

/** Records the events of a subscription. Each call adds the events that the provider would send at that time. */
function recordHistory({ customer, supporter }: HistoryIds) {
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
    update(created: number, fields: Fields) {
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
    loseDispute: (created: number, payment: string) => tell('charge.dispute.closed', dispute(payment, 'lost'), created),
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

/** Records a subscription that is upgraded on the ninth day of a period and pays the difference. */
function recordUpgrade(ids: HistoryIds, end: number) {
  const history = recordHistory(ids)
  history.begin({ periodEnd: end })
  const base = history.pay(start, start, end, { price: ids.supporter })
  history.update(start + 9 * day, { price: ids.patron })
  const difference = history.pay(start + 9 * day, start + 9 * day, end, upgrade(ids))
  return { history, base, difference }
}

const upgrade = ({ supporter, patron }: HistoryIds): Lines => ({ price: patron, credits: supporter, proration: true })

const year = 365 * day
const renewal = { periodStart: start + month, periodEnd: start + 2 * month }

/** The histories. Each call creates one with new ids. */
export const subscriptionHistories: readonly ((ids: HistoryIds) => SubscriptionHistory)[] = [
  (ids) => {
    const history = recordHistory(ids)
    history.begin()
    history.pay(start, start, start + month)
    history.update(start + month, renewal)
    history.pay(start + month, start + month, start + 2 * month)
    return { title: 'paid and renewed', events: history.events }
  },
  (ids) => {
    const history = recordHistory(ids)
    history.begin({ status: 'trialing', periodEnd: start + 14 * day })
    history.pay(start, start, start + 14 * day)
    history.update(start + 14 * day, {
      status: 'active',
      periodStart: start + 14 * day,
      periodEnd: start + 14 * day + month,
    })
    history.pay(start + 14 * day, start + 14 * day, start + 14 * day + month)
    return { title: 'a trial that is paid', events: history.events }
  },
  (ids) => {
    const history = recordHistory(ids)
    history.begin({ status: 'trialing', periodEnd: start + 14 * day })
    history.update(start + 3 * day, { cancel_at_period_end: true, cancel_at: start + 14 * day })
    history.end(start + 14 * day)
    return { title: 'a trial that is cancelled', events: history.events }
  },
  (ids) => {
    const history = recordHistory(ids)
    history.begin()
    history.pay(start, start, start + month)
    history.update(start + 5 * day, { cancel_at_period_end: true })
    history.update(start + 6 * day, { cancel_at_period_end: false })
    history.update(start + 6 * day, { cancel_at_period_end: true })
    history.end(start + month)
    return { title: 'cancelled, kept and cancelled in one second', events: history.events }
  },
  (ids) => {
    const history = recordHistory(ids)
    history.begin()
    history.pay(start, start, start + month)
    history.update(start + month, { ...renewal, status: 'past_due' })
    history.fail(start + month, start + month, start + 2 * month)
    history.update(start + month + 3 * day, { status: 'active' })
    history.pay(start + month + 3 * day, start + month, start + 2 * month)
    return { title: 'a renewal that fails and is paid later', events: history.events }
  },
  (ids) => {
    const history = recordHistory(ids)
    history.begin()
    history.pay(start, start, start + month)
    history.update(start + month, { ...renewal, status: 'past_due' })
    history.update(start + month + 5 * day, { status: 'unpaid' })
    history.end(start + month + 15 * day)
    return { title: 'a renewal that is never paid', events: history.events }
  },
  (ids) => {
    const history = recordHistory(ids)
    history.begin()
    history.pay(start, start, start + month)
    history.update(start + 9 * day, { price: ids.patron })
    history.pay(start + 9 * day, start + 9 * day, start + month, { proration: true })
    history.update(start + month, renewal)
    return { title: 'a change upwards', events: history.events }
  },
  (ids) => {
    const history = recordHistory(ids)
    history.begin()
    history.pay(start, start, start + month)
    history.update(start + 9 * day, { schedule: `sub_sched_${history.subscriptionId}` })
    history.schedule(start + 9 * day, 'active', ids.patron, start + month)
    history.update(start + month, { ...renewal, price: ids.patron })
    history.schedule(start + month, 'completed', ids.patron, start + month)
    history.update(start + month, { schedule: null })
    return { title: 'a change at the end of the period', events: history.events }
  },
  (ids) => {
    const history = recordHistory(ids)
    history.begin()
    const payment = history.pay(start, start, start + month)
    history.refund(start + 2 * day, payment, 200)
    history.refund(start + 4 * day, payment, 500)
    history.end(start + 4 * day + 60)
    return { title: 'a refund in two parts', events: history.events }
  },
  (ids) => {
    const history = recordHistory(ids)
    history.begin()
    history.pay(start, start, start + month)
    history.update(start + month, renewal)
    const payment = history.pay(start + month, start + month, start + 2 * month)
    history.loseDispute(start + month + 9 * day, payment)
    return { title: 'a dispute that is lost', events: history.events }
  },
  (ids) => {
    const { history, difference } = recordUpgrade(ids, start + month)
    history.refund(start + 12 * day, difference, 500)
    return { title: 'an upgrade whose difference is refunded', events: history.events }
  },
  (ids) => {
    const { history, difference } = recordUpgrade(ids, start + month)
    history.loseDispute(start + 20 * day, difference)
    // The change that the server then makes at the provider.
    history.update(start + 20 * day, { price: ids.supporter })
    history.update(start + month, { ...renewal, price: ids.supporter })
    history.pay(start + month, start + month, start + 2 * month, { price: ids.supporter })
    return { title: 'an upgrade whose dispute is lost, and a renewal of what is paid', events: history.events }
  },
  (ids) => {
    const { history, difference } = recordUpgrade(ids, start + year)
    history.loseDispute(start + 100 * day, difference)
    return { title: 'an upgrade of a year whose dispute is lost', events: history.events }
  },
  (ids) => {
    const { history, difference } = recordUpgrade(ids, start + year)
    history.refund(start + 20 * day, difference, 500)
    history.update(start + 20 * day, { price: ids.supporter })
    history.update(start + 30 * day, { price: ids.patron })
    history.pay(start + 30 * day, start + 30 * day, start + year, upgrade(ids))
    return { title: 'an upgrade of a year that is refunded, and bought again', events: history.events }
  },
  (ids) => {
    const { history, base } = recordUpgrade(ids, start + month)
    history.refund(start + 12 * day, base, 500)
    return { title: 'an upgrade whose base is refunded', events: history.events }
  },
  (ids) => {
    const { history, difference } = recordUpgrade(ids, start + month)
    history.update(start + month, { ...renewal, status: 'past_due' })
    history.fail(start + month, start + month, start + 2 * month, { price: ids.patron })
    history.loseDispute(start + month + 2 * day, difference)
    return { title: 'an upgrade whose dispute is lost in the grace after it', events: history.events }
  },
  (ids) => {
    const { history, difference } = recordUpgrade(ids, start + month)
    history.update(start + month, { ...renewal, status: 'past_due' })
    history.fail(start + month, start + month, start + 2 * month, { price: ids.patron })
    history.refund(start + month + 2 * day, difference, 500)
    history.update(start + month + 3 * day, { status: 'active' })
    history.pay(start + month + 3 * day, start + month, start + 2 * month, { price: ids.patron })
    return {
      title: 'an upgrade that is refunded in the grace after it, and a renewal that is paid',
      events: history.events,
    }
  },
  (ids) => {
    const history = recordHistory(ids)
    history.begin()
    const payment = history.pay(start, start, start + month, { price: ids.supporter })
    history.update(start + month, { ...renewal, status: 'past_due' })
    history.fail(start + month, start + month, start + 2 * month, { price: ids.supporter })
    history.refund(start + month + 2 * day, payment, 500)
    return { title: 'a payment that is refunded in the grace after it', events: history.events }
  },
]
/** The final price and status of the last histories. */
export const lastFinalStates = [
  ['supporter', 'ACTIVE'],
  ['supporter', 'ACTIVE'],
  ['supporter', 'ACTIVE'],
  ['patron', 'ACTIVE'],
  ['patron', 'ENDED'],
  ['supporter', 'PAST_DUE'],
  ['patron', 'ACTIVE'],
  ['supporter', 'ENDED'],
] as const
