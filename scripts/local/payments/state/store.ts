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

const tableNames = [
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

/** All objects of the store by table, in the order of their creation. */
export type Dump = Record<string, { id: string }[]>

/**
 * Stores objects by table and id. Objects are replaced and never changed, so an event keeps its object as it was. All work is synchronous,
 * so requests cannot interleave.
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

  /** Returns the object of an id that another object names. @throws Error if it is missing */
  need<T extends TableName>(name: T, id: string | null | undefined): Tables[T] {
    const found = this.get(name, id)
    if (!found) throw new Error(`The state has no ${name} ${String(id)}.`)
    return found
  }

  count(name: TableName): number {
    return this.#table(name).size
  }

  /** Returns the objects of a table in the order of their creation. */
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
      // The whole table is restored, because a single restored object would move to the end.
      const before = [...table]
      this.#journal.push(() => {
        table.clear()
        for (const [key, value] of before) table.set(key, value)
      })
    }
    table.delete(id)
    this.#onChange()
  }

  /** Calls a function. If it throws, all its changes are undone. */
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
