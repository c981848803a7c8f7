import { newId, randomText } from '../state/ids.ts'
import type { Customer } from '../state/resources.ts'

interface CustomerFields {
  readonly id?: string
  readonly email: string | null
  readonly name: string | null
  readonly created: number
  readonly metadata?: Record<string, string>
}

export const makeCustomer = (fields: CustomerFields): Customer => ({
  id: fields.id ?? newId('cus', 14),
  object: 'customer',
  address: null,
  balance: 0,
  created: fields.created,
  currency: null,
  customer_account: null,
  default_source: null,
  delinquent: false,
  description: null,
  discount: null,
  email: fields.email,
  invoice_prefix: randomText(16).toUpperCase().slice(0, 8),
  invoice_settings: {
    custom_fields: null,
    default_payment_method: null,
    footer: null,
    rendering_options: null,
  },
  livemode: false,
  metadata: fields.metadata ?? {},
  name: fields.name,
  next_invoice_sequence: 1,
  phone: null,
  preferred_locales: [],
  shipping: null,
  tax_exempt: 'none',
  test_clock: null,
})
