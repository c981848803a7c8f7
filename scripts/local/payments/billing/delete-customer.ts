import type { Customer, DeletedCustomer } from '../state/resources.ts'
import { change, tell, type World } from '../state/world.ts'
import { expireSession } from './checkout.ts'
import { endSubscription } from './end.ts'
import { voidInvoice } from './void.ts'

/**
 * Deletes a customer for good: subscriptions are canceled, cards detached. Invoices and charges keep the customer's id
 * (https://docs.stripe.com/api/customers/delete).
 */
export function deleteCustomer(world: World, customer: Customer): DeletedCustomer {
  const { store } = world
  const { id } = customer
  for (const subscription of store.all('subscription')) {
    const isOver = subscription.status === 'canceled' || subscription.status === 'incomplete_expired'
    if (subscription.customer === id && !isOver) endSubscription(world, subscription, 'cancellation_requested')
  }
  for (const invoice of store.all('invoice'))
    if (invoice.customer === id && invoice.status === 'open') voidInvoice(world, invoice)
  for (const session of store.all('checkout.session'))
    if (session.customer === id && session.status === 'open') expireSession(world, session)
  for (const method of store.all('payment_method'))
    if (method.customer === id) change(world, 'payment_method', method, { customer: null }, 'payment_method.detached')
  store.remove('customer', id)
  tell(world, 'customer.deleted', customer)
  return store.put('deletedCustomer', { id, object: 'customer', deleted: true })
}
