import type { Invoice } from '../state/resources.ts'
import { change, tell, type World } from '../state/world.ts'

/** Nobody has to pay it any more. */
export function voidInvoice(world: World, invoice: Invoice): Invoice {
  const { store, clock } = world
  for (const payment of store.all('invoice_payment')) {
    if (payment.invoice !== invoice.id || payment.status !== 'open') continue
    const canceled_at = clock.seconds()
    change(world, 'invoice_payment', payment, {
      status: 'canceled',
      status_transitions: { ...payment.status_transitions, canceled_at },
    })
    const intent = store.need('payment_intent', payment.payment.payment_intent)
    const cancellation = { status: 'canceled', canceled_at, cancellation_reason: 'void_invoice' } as const
    tell(world, 'payment_intent.canceled', change(world, 'payment_intent', intent, cancellation))
  }
  const voided = change(world, 'invoice', invoice, {
    status: 'void',
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...invoice.status_transitions, voided_at: clock.seconds() },
  })
  tell(world, 'invoice.voided', voided)
  return voided
}
