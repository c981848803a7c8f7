import type Stripe from 'stripe'
import { formatAmount, formatDay } from '../billing/format.ts'
import { itemOf, nameOf } from '../billing/invoices/invoicing.ts'
import type { Price, Subscription } from '../state/resources.ts'
import type { Provider } from '../state/provider.ts'
import { cardFields, cardHints, type TypedCard } from './card-form.ts'
import { noticeLine, problemLine, safe, type Markup } from './page.ts'

type PortalSession = Stripe.BillingPortal.Session

/** Renders the first page of the portal: plan, card and invoices. */
export function homeBody(
  provider: Provider,
  session: PortalSession,
  notice: string | null,
  problem: string | null,
): Markup {
  const { store } = provider
  const subscriptions = store.all('subscription').filter((one) => one.customer === session.customer)
  const live = subscriptions.filter((one) => !['canceled', 'incomplete_expired'].includes(one.status))
  const invoices = store
    .all('invoice')
    .filter((one) => one.customer === session.customer && one.status !== 'draft')
    .sort((one, other) => other.created - one.created)
  return safe`<h1>Your membership</h1>
    ${noticeLine(notice)} ${problemLine(problem)}
    ${live.length === 0 ? safe`<p class="card">You have no active plan.</p>` : live.map((one) => planCard(provider, session, one))}
    <h2>Card</h2>
    <div class="card">${presentCard(provider, session.customer)}
      <p><a href="?show=card">Change card</a></p></div>
    <h2>Invoices</h2>
    ${
      invoices.length === 0
        ? safe`<p class="soft">None yet.</p>`
        : safe`<ul class="cards">${invoices.map(
            (one) =>
              safe`<li><a href="${one.hosted_invoice_url ?? ''}">${formatDay(one.created)}</a>
                <span>${formatAmount(one.total, one.currency)} <span class="soft">${String(one.status)}</span></span></li>`,
          )}</ul>`
    }
    ${backLink(session)}`
}

function planCard(provider: Provider, session: PortalSession, subscription: Subscription): Markup {
  const { price, current_period_end: end } = itemOf(subscription)
  const ends = subscription.cancel_at
  const schedule = provider.store.get('subscription_schedule', subscription.schedule)
  const next = schedule?.phases.find((one) => one.start_date > provider.clock.seconds())
  const nextPrice = provider.store.get('price', next?.items[0]?.price)
  return safe`<div class="card">
    <p class="big">${nameOf(provider, price)}</p>
    <p>${priceText(price)} <span class="soft">${statusText(subscription)}</span></p>
    <p>${ends === null ? `Next payment on ${formatDay(end)}.` : `Ends on ${formatDay(ends)}. There is no further payment.`}</p>
    ${next && nextPrice ? safe`<p>Changes to ${nameOf(provider, nextPrice)} on ${formatDay(next.start_date)}.</p>` : null}
    <div class="row">${
      ends === null
        ? safe`<a href="?show=cancel&amp;subscription=${subscription.id}">Cancel plan</a>`
        : form(session, 'keep', subscription, safe`<button class="main">Keep plan</button>`)
    }</div>
  </div>`
}

export function cancelBody(provider: Provider, session: PortalSession, subscription: Subscription): Markup {
  const { price, current_period_end: end } = itemOf(subscription)
  return safe`<h1>Cancel plan</h1>
    <p>${nameOf(provider, price)} stays active until ${formatDay(end)}. There are no further payments.</p>
    <div class="row">${form(session, 'cancel', subscription, safe`<button class="main">Cancel plan</button>`)}
      <a href="?show=home">Keep plan</a></div>
    ${backLink(session)}`
}

export function cardBody(provider: Provider, session: PortalSession, typed: TypedCard, problem: string | null): Markup {
  return safe`<h1>Change card</h1>
    ${presentCard(provider, session.customer)}
    <p class="soft">The new card pays the open invoice and all further payments.</p>
    ${problemLine(problem)}
    <form method="post" action="/p/session/${session.id}/card">
      ${cardFields(typed, problem)}
      <p><button class="main full">Save card</button></p>
    </form>
    <p><a href="?show=home">Back to the overview</a></p>
    ${backLink(session)}
    ${cardHints()}`
}

function form(session: PortalSession, action: string, subscription: Subscription, inside: Markup): Markup {
  return safe`<form method="post" action="/p/session/${session.id}/${action}">
    <input type="hidden" name="subscription" value="${subscription.id}">${inside}</form>`
}

function presentCard({ store }: Provider, customer: string): Markup {
  const subscription = store
    .all('subscription')
    .filter((one) => one.customer === customer)
    .at(-1)
  const id =
    subscription?.default_payment_method ?? store.get('customer', customer)?.invoice_settings.default_payment_method
  const card = store.get('payment_method', id)?.card
  if (!card) return safe`<p>There is no card.</p>`
  const expiry = `${String(card.exp_month).padStart(2, '0')}/${card.exp_year}`
  return safe`<p>${card.brand} ending in ${card.last4}, until ${expiry}</p>`
}

const priceText = (price: Price): string =>
  `${formatAmount(price.unit_amount, price.currency)} / ${price.recurring?.interval ?? ''}`

const statusTexts: Readonly<Record<string, string>> = {
  trialing: 'in its trial',
  past_due: 'the last payment failed',
  incomplete: 'not paid yet',
}
const statusText = ({ status }: Subscription): string => statusTexts[status] ?? ''

const backLink = ({ return_url }: PortalSession): Markup | null =>
  return_url ? safe`<p><a href="${return_url}">Back to the site</a></p>` : null
