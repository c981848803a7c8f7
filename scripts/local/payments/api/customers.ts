import { deleteCustomer } from '../billing/delete-customer.ts'
import { makeCustomer } from '../objects/customer.ts'
import { refused } from '../problem.ts'
import { change, emitEvent } from '../state/provider.ts'
import { find, named, pageOf } from './lists.ts'
import { list, mergeMetadata, metadata, newMetadata, paging, text, unset } from './parameters.ts'
import { route, type Route } from './route.ts'
import { z } from 'zod'

const fields = {
  email: z.union([unset, text]).optional(),
  name: z.union([unset, text]).optional(),
  description: z.union([unset, text]).optional(),
  phone: z.union([unset, text]).optional(),
  metadata: metadata.optional(),
  preferred_locales: list(text).optional(),
  invoice_settings: z.strictObject({ default_payment_method: z.union([unset, text]).optional() }).optional(),
}

const orNull = (value: string | undefined) => (value === undefined || value === '' ? null : value)

export const customerRoutes: readonly Route[] = [
  route('POST', 'customers', fields, ({ provider, params }) => {
    if (params.invoice_settings?.default_payment_method) {
      throw refused('A new customer has no payment method attached.', 'invoice_settings[default_payment_method]')
    }
    const customer = makeCustomer({
      email: orNull(params.email),
      name: orNull(params.name),
      description: orNull(params.description),
      phone: orNull(params.phone),
      preferredLocales: params.preferred_locales ?? [],
      metadata: newMetadata(params.metadata),
      created: provider.clock.seconds(),
    })
    emitEvent(provider, 'customer.created', provider.store.put('customer', customer))
    return customer
  }),
  route('GET', 'customers', { ...paging, email: text.optional() }, ({ provider, params }) =>
    pageOf(
      provider,
      'customer',
      params,
      'customers',
      ({ email }) => params.email === undefined || email === params.email,
    ),
  ),
  route(
    'GET',
    'customers/:id',
    {},
    ({ provider, id }) => provider.store.get('deletedCustomer', id) ?? find(provider, 'customer', id, 'customer'),
  ),
  route('DELETE', 'customers/:id', {}, ({ provider, id }) =>
    deleteCustomer(provider, find(provider, 'customer', id, 'customer')),
  ),
  route('POST', 'customers/:id', fields, ({ provider, params, id }) => {
    const customer = find(provider, 'customer', id, 'customer')
    const wanted = params.invoice_settings?.default_payment_method
    const method = named(provider, 'payment_method', wanted || undefined, 'invoice_settings[default_payment_method]')
    if (method && method.customer !== id) {
      throw refused(
        `The customer does not have a payment method with the ID ${method.id}. The payment method must be attached to the customer.`,
        'invoice_settings[default_payment_method]',
        'resource_missing',
      )
    }
    const changes = {
      ...(params.email !== undefined && { email: orNull(params.email) }),
      ...(params.name !== undefined && { name: orNull(params.name) }),
      ...(params.description !== undefined && { description: orNull(params.description) }),
      ...(params.phone !== undefined && { phone: orNull(params.phone) }),
      ...(params.preferred_locales && { preferred_locales: params.preferred_locales }),
      ...(wanted !== undefined && {
        invoice_settings: { ...customer.invoice_settings, default_payment_method: orNull(wanted) },
      }),
      metadata: mergeMetadata(customer.metadata, params.metadata),
    }
    return change(provider, 'customer', customer, changes, 'customer.updated')
  }),
  route('GET', 'customers/:id/payment_methods', { ...paging, type: text.optional() }, ({ provider, params, id }) => {
    find(provider, 'customer', id, 'customer')
    return pageOf(provider, 'payment_method', params, `customers/${id}/payment_methods`, (one) => one.customer === id)
  }),
]
