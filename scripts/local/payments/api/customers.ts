import { deleteCustomer } from '../billing/delete-customer.ts'
import { makeCustomer } from '../objects/customer.ts'
import { emitEvent } from '../state/provider.ts'
import { find, pageOf } from './lists.ts'
import { metadata, paging, text } from './parameters.ts'
import { route, type Route } from './route.ts'

export const customerRoutes: readonly Route[] = [
  route(
    'POST',
    'customers',
    { email: text.optional(), name: text.optional(), metadata: metadata.optional() },
    ({ provider, params }) => {
      const customer = makeCustomer({
        email: params.email ?? null,
        name: params.name ?? null,
        metadata: params.metadata ?? {},
        created: provider.clock.seconds(),
      })
      emitEvent(provider, 'customer.created', provider.store.put('customer', customer))
      return customer
    },
  ),
  route('GET', 'customers', paging, ({ provider, params }) => pageOf(provider, 'customer', params, 'customers')),
  route(
    'GET',
    'customers/:id',
    {},
    ({ provider, id }) => provider.store.get('deletedCustomer', id) ?? find(provider, 'customer', id, 'customer'),
  ),
  route('DELETE', 'customers/:id', {}, ({ provider, id }) =>
    deleteCustomer(provider, find(provider, 'customer', id, 'customer')),
  ),
]
