import { nextDue } from '../billing/due.ts'
import { formatAmount, formatInstant } from '../billing/format.ts'
import { itemOf, nameOf } from '../billing/invoices/invoicing.ts'
import type { Charge } from '../state/resources.ts'
import type { Provider } from '../state/provider.ts'
import { cardHints } from './card-form.ts'
import { noticeLine, problemLine, safe, type Markup, type Page } from './page.ts'

const max = { customers: 50, charges: 15, events: 25 }

/** Renders the state with the buttons that change it. Only this page has the token in the addresses of the forms. */
export function overviewPage(provider: Provider, token: string, notice: string | null, problem: string | null): Page {
  return {
    status: problem ? 400 : 200,
    title: 'Local payment provider',
    wide: true,
    body: safe`<h1>Local payment provider</h1>
      ${noticeLine(notice)} ${problemLine(problem)}
      ${clockSection(provider, token)} ${cardHints()} ${subscriptionSection(provider)} ${chargeSection(provider, token)} ${eventSection(provider, token)}`,
  }
}

function clockSection(provider: Provider, token: string): Markup {
  const due = nextDue(provider)
  const now = provider.clock.seconds()
  const step = (value: string, label: string) => safe`<button name="step" value="${value}">${label}</button>`
  return safe`<section class="card" aria-labelledby="clock">
    <h2 id="clock">Business time</h2>
    <p class="big"><time datetime="${new Date(now * 1000).toISOString()}">${formatInstant(now)}</time></p>
    <p class="soft">${due ? `Next: ${due.what} at ${formatInstant(due.at)}.` : 'Nothing is due.'} The clock can only move forward.</p>
    <form method="post" action="/actions/${token}/clock" class="row">
      ${step('day', '+1 day')} ${step('week', '+1 week')} ${step('month', '+1 month')} ${due ? step('due', 'To the next event') : null}
    </form>
    <form method="post" action="/actions/${token}/clock" class="row">
      <div class="field"><label for="to">To (UTC)</label><input id="to" name="to" type="datetime-local" required></div>
      <p><button name="step" value="to">Set clock</button></p>
    </form>
  </section>`
}

function subscriptionSection(provider: Provider): Markup {
  const { store } = provider
  const customers = store.all('customer').slice(-max.customers).reverse()
  const rows = customers.map((customer) => {
    const held = store.all('subscription').filter((one) => one.customer === customer.id)
    return safe`<tr>
      <td>${customer.name ?? customer.email ?? customer.id}<br><span class="soft">${customer.id}</span></td>
      <td>${held.map((one) => {
        const { price, current_period_end: end } = itemOf(one)
        const until = one.ended_at ?? one.cancel_at ?? end
        return safe`<div>${nameOf(provider, price)}, ${formatAmount(price.unit_amount, price.currency)} / ${price.recurring?.interval ?? ''}:
          <strong>${one.status}</strong>${one.cancel_at_period_end && !one.ended_at ? ', ends' : ''} ${one.ended_at ? 'since' : 'until'} ${formatInstant(until)}</div>`
      })}</td></tr>`
  })
  return section(
    'customers',
    'Customers and subscriptions',
    rows.length === 0 ? safe`<p class="soft">None yet.</p>` : table(['Customer', 'Holds'], rows),
  )
}

function chargeSection(provider: Provider, token: string): Markup {
  const charges = provider.store
    .all('charge')
    .filter((one) => one.paid)
    .slice(-max.charges)
    .reverse()
  const rows = charges.map(
    (one) => safe`<tr>
      <td>${formatInstant(one.created)}<br><span class="soft">${one.id}</span></td>
      <td class="amount">${formatAmount(one.amount, one.currency)}</td>
      <td>${chargeState(one)}</td>
      <td><form method="post" action="/actions/${token}/charge" class="row">
        <input type="hidden" name="charge" value="${one.id}">${chargeButtons(provider, one)}</form></td></tr>`,
  )
  return section(
    'payments',
    'Payments',
    rows.length === 0 ? safe`<p class="soft">None yet.</p>` : table(['When', 'Amount', 'State', 'Do'], rows),
  )
}

function chargeState(charge: Charge): string {
  if (charge.disputed) return 'disputed'
  if (charge.refunded) return 'refunded'
  return charge.amount_refunded > 0 ? `${formatAmount(charge.amount_refunded, charge.currency)} refunded` : 'paid'
}

function chargeButtons(provider: Provider, charge: Charge): Markup {
  const button = (value: string, label: string) =>
    safe`<button class="small" name="do" value="${value}">${label}</button>`
  const dispute = provider.store.all('dispute').find((one) => one.charge === charge.id)
  if (dispute)
    return dispute.status === 'needs_response'
      ? safe`${button('lose', 'Lose dispute')} ${button('win', 'Win dispute')}`
      : safe`${dispute.status}`
  return safe`${charge.refunded ? null : safe`${button('refund', 'Refund')} ${button('half', 'Refund half')}`} ${button('dispute', 'Dispute')}`
}

function eventSection(provider: Provider, token: string): Markup {
  const { store } = provider
  const rows = store
    .all('event')
    .slice(-max.events)
    .reverse()
    .map((event) => {
      const deliveries = store.all('delivery').filter((one) => one.event === event.id)
      return safe`<tr><td>${formatInstant(event.created)}</td><td>${event.type}<br><span class="soft">${event.id}</span></td>
        <td>${deliveries.map((one) => safe`<div>${one.state}, ${one.attempts.length} × ${one.attempts.at(-1)?.answer ?? ''}</div>`)}</td></tr>`
    })
  const { webhooksPaused: paused } = provider
  return section(
    'events',
    'Last events',
    safe`<form method="post" action="/actions/${token}/webhooks" class="row">
        <p>${paused ? 'Webhooks are paused.' : 'Webhooks are sent.'}
        <button class="small" name="paused" value="${paused ? 'false' : 'true'}">${paused ? 'Resume webhooks' : 'Pause webhooks'}</button></p>
      </form>
      ${rows.length === 0 ? safe`<p class="soft">None yet.</p>` : table(['When', 'What', 'Sent'], rows)}`,
  )
}

const section = (id: string, title: string, body: Markup): Markup =>
  safe`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`

const table = (
  heads: readonly string[],
  rows: readonly Markup[],
): Markup => safe`<div class="card scroll" tabindex="0" role="region" aria-label="Table">
  <table><thead><tr>${heads.map((one) => safe`<th scope="col">${one}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`
