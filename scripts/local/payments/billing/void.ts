import type { Invoice } from '../state/resources.ts'
import { change, emitEvent, type Provider } from '../state/provider.ts'

/** Nobody has to pay it any more. */
export function voidInvoice(provider: Provider, invoice: Invoice): Invoice {
  const { store, clock } = provider
  for (const payment of store.all('invoice_payment')) {
    if (payment.invoice !== invoice.id || payment.status !== 'open') continue
    const canceled_at = clock.seconds()
    change(provider, 'invoice_payment', payment, {
      status: 'canceled',
      status_transitions: { ...payment.status_transitions, canceled_at },
    })
    const intent = store.need('payment_intent', payment.payment.payment_intent)
    const cancellation = { status: 'canceled', canceled_at, cancellation_reason: 'void_invoice' } as const
    emitEvent(provider, 'payment_intent.canceled', change(provider, 'payment_intent', intent, cancellation))
  }
  const voided = change(provider, 'invoice', invoice, {
    status: 'void',
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...invoice.status_transitions, voided_at: clock.seconds() },
  })
  emitEvent(provider, 'invoice.voided', voided)
  return voided
}
