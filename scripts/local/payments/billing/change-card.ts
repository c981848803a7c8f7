import { change, type Provider } from '../state/provider.ts'
import { declined } from '../problem.ts'
import { judge, keepCard, type CardDetails, type Presence } from './cards.ts'
import { settleInvoice } from './invoices/settle.ts'

/**
 * Makes a new card the default of a customer and of all subscriptions, and pays the open invoices with it.
 *
 * @throws StripeProblem 402 if the card is declined; then nothing changes
 */
export function changeCard(provider: Provider, customerId: string, details: CardDetails, presence: Presence): void {
  const { store } = provider
  store.transact(() => {
    const verdict = judge(details.card, false, presence)
    if (verdict.kind === 'declined') throw declined(verdict.decline)
    const customer = store.need('customer', customerId)
    const method = keepCard(provider, { ...details, email: customer.email }, customerId, presence === 'confirmed')
    const invoice_settings = { ...customer.invoice_settings, default_payment_method: method.id }
    change(provider, 'customer', customer, { invoice_settings }, 'customer.updated')
    for (const subscription of store.all('subscription')) {
      if (subscription.customer !== customerId || ['canceled', 'incomplete_expired'].includes(subscription.status))
        continue
      const changes = { default_payment_method: method.id }
      change(provider, 'subscription', subscription, changes, 'customer.subscription.updated')
    }
    for (const invoice of store.all('invoice')) {
      if (invoice.customer !== customerId || invoice.status !== 'open') continue
      settleInvoice(provider, invoice, { method: method.id, presence, automatic: false })
    }
  })
}
