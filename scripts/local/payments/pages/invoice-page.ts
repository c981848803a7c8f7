import { judge, keepCard, type Presence } from '../billing/cards.ts'
import { formatAmount, formatDay } from '../billing/format.ts'
import { settleInvoice } from '../billing/invoices/settle.ts'
import { declined, StripeProblem } from '../problem.ts'
import type { Invoice } from '../state/resources.ts'
import type { Provider } from '../state/provider.ts'
import { cardFields, cardHints, nothingTyped, readCard, typedCard, type TypedCard } from './card-form.ts'
import { notAuthenticated, type Confirmations } from './confirmations.ts'
import { noticePage, problemLine, safe, type Markup, type Page, type PageAnswer } from './page.ts'

export function invoicePage(
  provider: Provider,
  token: string,
  typed: TypedCard = nothingTyped,
  problem: string | null = null,
  status = 200,
): Page {
  const invoice = invoiceOf(provider, token)
  if (!invoice)
    return noticePage(404, 'No such invoice', 'No invoice has this address.', provider.settings.siteOrigins[0])
  const { currency } = invoice
  const money = (amount: number) => formatAmount(amount, currency)
  const discount = invoice.subtotal - invoice.total
  const isOpen = invoice.status === 'open'
  return {
    status,
    title: `${isOpen ? 'Invoice' : 'Receipt'} ${invoice.number ?? ''}`,
    body: safe`<h1>${isOpen ? 'Invoice' : 'Receipt'} ${invoice.number ?? ''}</h1>
      <p>${invoice.account_name ?? ''} for ${invoice.customer_name ?? invoice.customer_email ?? 'a customer'},
        ${formatDay(invoice.created)}. <strong>${stateText(invoice)}</strong></p>
      ${invoice.description === null ? null : safe`<p>${invoice.description}</p>`}
      <div class="card scroll">
        <table>
          <thead><tr><th>What</th><th>When</th><th class="amount">Amount</th></tr></thead>
          <tbody>${invoice.lines.data.map(
            (line) => safe`<tr><td>${line.description ?? ''}</td>
              <td>${periodText(line.period)}</td>
              <td class="amount">${money(line.amount)}</td></tr>`,
          )}</tbody>
        </table>
      </div>
      <dl>
        ${discount === 0 ? null : safe`<dt>Discount</dt><dd>−${money(discount)}</dd>`}
        <dt>Total</dt><dd>${money(invoice.total)}</dd>
        <dt>Paid</dt><dd>${money(invoice.amount_paid)}</dd>
        <dt>Still to pay</dt><dd><strong>${money(invoice.status === 'void' ? 0 : invoice.amount_remaining)}</strong></dd>
      </dl>
      ${isOpen ? payForm(token, typed, problem) : null}
      <p class="screen"><a href="${provider.settings.siteOrigins[0] ?? '/'}/">Back to the site</a></p>
      ${isOpen ? cardHints() : null}`,
  }
}

const payForm = (
  token: string,
  typed: TypedCard,
  problem: string | null,
): Markup => safe`<h2 class="screen">Pay this invoice</h2>
  ${problemLine(problem)}
  <form method="post" action="/i/${token}">
    ${cardFields(typed, problem)}
    <p><button class="main full">Pay</button></p>
  </form>`

// A single payment has no period.
const periodText = ({ start, end }: { start: number; end: number }): string =>
  start === end ? formatDay(start) : `${formatDay(start)} – ${formatDay(end)}`

function stateText(invoice: Invoice): string {
  const paidAt = invoice.status_transitions.paid_at
  if (invoice.status === 'paid') return paidAt === null ? 'Paid.' : `Paid on ${formatDay(paidAt)}.`
  return invoice.status === 'open' ? 'Not paid yet.' : `This invoice is ${String(invoice.status)}.`
}

export function submitInvoice(
  provider: Provider,
  confirmations: Confirmations,
  token: string,
  form: URLSearchParams,
): PageAnswer {
  const invoice = invoiceOf(provider, token)
  if (invoice?.status !== 'open') return invoicePage(provider, token)
  const typed = typedCard(form)
  const details = readCard(typed, provider.clock.now())
  if (typeof details === 'string') return invoicePage(provider, token, typed, details, 400)
  const pay = (presence: Presence): PageAnswer => {
    try {
      provider.store.transact(() => {
        const verdict = judge(details.card, false, presence)
        if (verdict.kind === 'declined') throw declined(verdict.decline)
        const method = keepCard(
          provider,
          { ...details, email: invoice.customer_email },
          invoice.customer,
          presence === 'confirmed',
        )
        const fresh = provider.store.need('invoice', invoice.id)
        if (fresh.status === 'open') settleInvoice(provider, fresh, { method: method.id, presence, automatic: false })
      })
      return { redirect: `/i/${token}` }
    } catch (error) {
      if (!(error instanceof StripeProblem)) throw error
      return invoicePage(provider, token, typed, error.message, error.status)
    }
  }
  if (judge(details.card, false, 'present').kind !== 'asks') return pay('present')
  return confirmations.ask({
    what: `${formatAmount(invoice.amount_remaining, invoice.currency)} for invoice ${invoice.number ?? ''}.`,
    formTargets: [],
    resume: (confirmed) => (confirmed ? pay('confirmed') : invoicePage(provider, token, typed, notAuthenticated, 402)),
  })
}

function invoiceOf({ store }: Provider, token: string): Invoice | undefined {
  return store.get('invoice', store.get('hostedNote', token)?.invoice)
}
