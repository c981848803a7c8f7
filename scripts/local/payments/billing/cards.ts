import { newId } from '../state/ids.ts'
import type { PaymentMethod } from '../state/resources.ts'
import { emitEvent, type Provider } from '../state/provider.ts'
import { makePaymentMethod } from '../objects/payment-method.ts'
import type { Decline } from '../problem.ts'

type Behaviour = 'pays' | 'declined' | 'asksOnce' | 'asksAlways' | 'failsAtRenewal'

interface TestCard {
  readonly number: string
  readonly brand: string
  readonly behaviour: Behaviour
  /** The text about the card on the pages. */
  readonly hint: string
  readonly decline?: Decline
  /** Its ids in Stripe's test mode. */
  readonly tokens: readonly string[]
}

const generic: Decline = {
  code: 'card_declined',
  declineCode: 'generic_decline',
  message: 'Your card was declined.',
}

/** https://docs.stripe.com/testing; any future expiry, any CVC. */
export const testCards: readonly TestCard[] = [
  { number: '4242424242424242', brand: 'visa', behaviour: 'pays', hint: 'pays', tokens: ['pm_card_visa'] },
  {
    number: '4000000000000002',
    brand: 'visa',
    behaviour: 'declined',
    hint: 'is declined',
    decline: generic,
    tokens: ['pm_card_visa_chargeDeclined', 'pm_card_chargeDeclined'],
  },
  {
    number: '4000002500003155',
    brand: 'visa',
    behaviour: 'asksOnce',
    hint: 'asks for confirmation, then pays',
    tokens: ['pm_card_authenticationRequiredOnSetup'],
  },
  {
    number: '4000000000000341',
    brand: 'visa',
    behaviour: 'failsAtRenewal',
    hint: 'pays now, fails at renewal',
    decline: generic,
    tokens: ['pm_card_chargeCustomerFail', 'pm_card_visa_chargeCustomerFail'],
  },
  {
    number: '4000002760003184',
    brand: 'visa',
    behaviour: 'asksAlways',
    hint: 'asks for confirmation at each payment',
    tokens: ['pm_card_authenticationRequired'],
  },
  {
    number: '4000000000009995',
    brand: 'visa',
    behaviour: 'declined',
    hint: 'is declined: insufficient funds',
    decline: { code: 'card_declined', declineCode: 'insufficient_funds', message: 'Your card has insufficient funds.' },
    tokens: ['pm_card_visa_chargeDeclinedInsufficientFunds'],
  },
  {
    number: '5555555555554444',
    brand: 'mastercard',
    behaviour: 'pays',
    hint: 'pays',
    tokens: ['pm_card_mastercard'],
  },
]

export const cardByNumber = (number: string): TestCard | undefined => testCards.find((one) => one.number === number)
export const cardByToken = (token: string): TestCard | undefined => testCards.find((one) => one.tokens.includes(token))

/** The owner's part in a payment. `present`: the owner has just typed the card. `confirmed`: the owner has also confirmed the payment. */
export type Presence = 'absent' | 'present' | 'confirmed'

export type Verdict =
  | { readonly kind: 'pays' }
  | { readonly kind: 'asks' }
  | { readonly kind: 'declined'; decline: Decline }

/** Decides the outcome of a charge. */
export function judge(card: TestCard, authenticated: boolean, presence: Presence): Verdict {
  const decline = { kind: 'declined', decline: card.decline ?? generic } as const
  switch (card.behaviour) {
    case 'pays':
      return { kind: 'pays' }
    case 'declined':
      return decline
    case 'asksOnce':
      return { kind: authenticated || presence === 'confirmed' ? 'pays' : 'asks' }
    case 'asksAlways':
      return { kind: presence === 'confirmed' ? 'pays' : 'asks' }
    case 'failsAtRenewal':
      return presence === 'absent' ? decline : { kind: 'pays' }
  }
}

export interface CardDetails {
  readonly card: TestCard
  readonly expMonth: number
  readonly expYear: number
  readonly name: string | null
  readonly email?: string | null
}

/** Stores a card. With a customer it is attached to the customer. */
export function keepCard(
  provider: Provider,
  details: CardDetails,
  customer: string | null,
  confirmed: boolean,
): PaymentMethod {
  const { card, expMonth, expYear, name, email = null } = details
  const method = makePaymentMethod({
    id: newId('pm'),
    brand: card.brand,
    last4: card.number.slice(-4),
    expMonth,
    expYear,
    name,
    email,
    customer,
    created: provider.clock.seconds(),
  })
  provider.store.put('payment_method', method)
  provider.store.put('cardNote', { id: method.id, number: card.number, authenticated: confirmed })
  if (customer) emitEvent(provider, 'payment_method.attached', method)
  return method
}

/** Returns the test card of a payment method. */
export function cardOf(provider: Provider, method: PaymentMethod): { card: TestCard; authenticated: boolean } {
  const note = provider.store.need('cardNote', method.id)
  const card = cardByNumber(note.number)
  if (!card) throw new Error(`There is no test card ${note.number}.`)
  return { card, authenticated: note.authenticated }
}
