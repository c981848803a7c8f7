import type { Customer, DeletedCustomer } from '../state/resources.ts'
import { change, emitEvent, type Provider } from '../state/provider.ts'
import { expireSession } from './checkout.ts'
import { endSubscription } from './subscriptions/end.ts'
import { voidInvoice } from './invoices/invoicing.ts'

/**
 * Deletes a customer: cancels the subscriptions and detaches the cards. Invoices and charges keep the customer's id
 * (https://docs.stripe.com/api/customers/delete).
 */
export function deleteCustomer(provider: Provider, customer: Customer): DeletedCustomer {
  const { store } = provider
  const { id } = customer
  for (const subscription of store.all('subscription')) {
    const isOver = subscription.status === 'canceled' || subscription.status === 'incomplete_expired'
    if (subscription.customer === id && !isOver) endSubscription(provider, subscription, 'cancellation_requested')
  }
  for (const invoice of store.all('invoice'))
    if (invoice.customer === id && invoice.status === 'open') voidInvoice(provider, invoice)
  for (const session of store.all('checkout.session'))
    if (session.customer === id && session.status === 'open') expireSession(provider, session)
  for (const method of store.all('payment_method'))
    if (method.customer === id)
      change(provider, 'payment_method', method, { customer: null }, 'payment_method.detached')
  store.remove('customer', id)
  emitEvent(provider, 'customer.deleted', customer)
  return store.put('deletedCustomer', { id, object: 'customer', deleted: true })
}
