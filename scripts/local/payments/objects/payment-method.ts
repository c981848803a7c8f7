import { newId } from '../state/ids.ts'
import type { PaymentMethod } from '../state/resources.ts'
import { emptyAddress } from './shared.ts'

interface PaymentMethodFields {
  readonly id?: string
  readonly brand: string
  readonly last4: string
  readonly expMonth: number
  readonly expYear: number
  readonly name: string | null
  readonly email: string | null
  readonly customer: string | null
  readonly created: number
}

export const makePaymentMethod = (fields: PaymentMethodFields): PaymentMethod => ({
  id: fields.id ?? newId('pm'),
  object: 'payment_method',
  allow_redisplay: 'limited',
  billing_details: { address: emptyAddress, email: fields.email, name: fields.name, phone: null, tax_id: null },
  card: {
    brand: fields.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: 'US',
    display_brand: fields.brand,
    exp_month: fields.expMonth,
    exp_year: fields.expYear,
    fingerprint: `gatepost${fields.last4.padStart(8, '0')}`,
    funding: 'credit',
    generated_from: null,
    last4: fields.last4,
    networks: { available: [fields.brand], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
  },
  created: fields.created,
  customer: fields.customer,
  customer_account: null,
  livemode: false,
  metadata: {},
  type: 'card',
})
