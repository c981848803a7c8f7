import type Stripe from 'stripe'
import type { BillingNote, CardNote, CheckoutNote, Delivery, HostedNote, KeptAnswer, PortalNote } from './notes.ts'
import type * as Resource from './resources.ts'

export interface Tables {
  customer: Resource.Customer
  deletedCustomer: Resource.DeletedCustomer
  product: Stripe.Product
  price: Resource.Price
  coupon: Stripe.Coupon
  promotion_code: Resource.PromotionCode
  discount: Resource.Discount
  subscription: Resource.Subscription
  subscription_schedule: Resource.Schedule
  invoice: Resource.Invoice
  invoice_payment: Resource.InvoicePayment
  payment_intent: Resource.PaymentIntent
  charge: Resource.Charge
  payment_method: Resource.PaymentMethod
  refund: Resource.Refund
  dispute: Resource.Dispute
  'checkout.session': Resource.CheckoutSession
  'billing_portal.session': Stripe.BillingPortal.Session
  event: Resource.StoredEvent
  cardNote: CardNote
  checkoutNote: CheckoutNote
  portalNote: PortalNote
  billingNote: BillingNote
  hostedNote: HostedNote
  delivery: Delivery
  keptAnswer: KeptAnswer
}
export type TableName = keyof Tables

export const tableNames = [
  'customer',
  'deletedCustomer',
  'product',
  'price',
  'coupon',
  'promotion_code',
  'discount',
  'subscription',
  'subscription_schedule',
  'invoice',
  'invoice_payment',
  'payment_intent',
  'charge',
  'payment_method',
  'refund',
  'dispute',
  'checkout.session',
  'billing_portal.session',
  'event',
  'cardNote',
  'checkoutNote',
  'portalNote',
  'billingNote',
  'hostedNote',
  'delivery',
  'keptAnswer',
] as const satisfies readonly TableName[]

/** Everything in the store as plain values, in the order in which it was made. */
export type Dump = Record<string, { id: string }[]>

/**
 * Objects by table and id. An object is replaced, never changed, so that an event may hold it as it was.
 *
 * All work on it is synchronous: between reading and writing nobody else comes in.
 */
export class Store {
  readonly #tables = new Map<string, Map<string, { id: string }>>(tableNames.map((name) => [name, new Map()]))
  #journal: (() => void)[] | null = null
  readonly #onChange: () => void

  constructor(dump: Dump, onChange: () => void) {
    this.#onChange = onChange
    for (const name of tableNames) for (const one of dump[name] ?? []) this.#table(name).set(one.id, one)
  }

  get<T extends TableName>(name: T, id: string | null | undefined): Tables[T] | undefined {
    return id == null ? undefined : (this.#table(name).get(id) as Tables[T] | undefined)
  }

  /** For an id that another object names: it must be there. */
  need<T extends TableName>(name: T, id: string | null | undefined): Tables[T] {
    const found = this.get(name, id)
    if (!found) throw new Error(`The state has no ${name} ${String(id)}.`)
    return found
  }

  count(name: TableName): number {
    return this.#table(name).size
  }

  /** In the order in which they were made. */
  all<T extends TableName>(name: T): Tables[T][] {
    return [...this.#table(name).values()] as Tables[T][]
  }

  put<T extends TableName>(name: T, value: Tables[T]): Tables[T] {
    const table = this.#table(name)
    const before = table.get(value.id)
    this.#journal?.push(() => (before ? table.set(value.id, before) : table.delete(value.id)))
    table.set(value.id, value)
    this.#onChange()
    return value
  }

  remove(name: TableName, id: string): void {
    const table = this.#table(name)
    if (this.#journal) {
      // Put back alone it would stand at the end: the whole table is put back.
      const before = [...table]
      this.#journal.push(() => {
        table.clear()
        for (const [key, value] of before) table.set(key, value)
      })
    }
    table.delete(id)
    this.#onChange()
  }

  /** All of the work or, when it throws, nothing of it. */
  transact<T>(work: () => T): T {
    const outer = this.#journal
    const journal: (() => void)[] = []
    this.#journal = journal
    try {
      const result = work()
      outer?.push(...journal)
      return result
    } catch (error) {
      for (const undo of journal.reverse()) undo()
      throw error
    } finally {
      this.#journal = outer
    }
  }

  dump(): Dump {
    return Object.fromEntries(tableNames.map((name) => [name, [...this.#table(name).values()]]))
  }

  #table(name: TableName): Map<string, { id: string }> {
    return this.#tables.get(name) as Map<string, { id: string }>
  }
}
