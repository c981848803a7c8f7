import { amountsOf, completeSession, regularAmount } from '../billing/checkout.ts'
import { judge } from '../billing/cards.ts'
import { couponsOf, usableCode } from '../billing/invoices/discounts.ts'
import { formatAmount, formatCoupon, formatDay } from '../billing/format.ts'
import { StripeProblem } from '../problem.ts'
import type { CheckoutSession } from '../state/resources.ts'
import { change, type Provider } from '../state/provider.ts'
import { cardFields, cardHints, nothingTyped, readCard, typedCard, type TypedCard } from './card-form.ts'
import { notAuthenticated, type Confirmations } from './confirmations.ts'
import { noticePage, problemLine, safe, type Markup, type Page, type PageAnswer } from './page.ts'

interface Shown {
  readonly typed: TypedCard
  readonly code: string
  readonly problem: string | null
  readonly status?: number
}

const fresh: Shown = { typed: nothingTyped, code: '', problem: null }

export function checkoutPage(provider: Provider, id: string, shown: Shown = fresh): Page {
  const session = provider.store.get('checkout.session', id)
  if (!session)
    return noticePage(404, 'No such checkout', 'No checkout has this address.', provider.settings.siteOrigins[0])
  if (session.status !== 'open') return closedPage(session)
  const { typed, code, problem, status } = shown
  const subscribes = session.mode === 'subscription'
  return {
    ...(status && { status }),
    title: subscribes ? 'Subscribe' : 'Pay',
    formTargets: [session.success_url],
    body: safe`${summary(provider, session)}
      ${problemLine(problem)}
      <form method="post" action="/c/pay/${id}">
        ${cardFields(typed, problem)}
        <p><button class="main full" name="do" value="pay">${subscribes ? 'Subscribe' : 'Pay'}</button></p>
        ${session.allow_promotion_codes ? promotionFields(session, code) : null}
      </form>
      ${session.cancel_url ? safe`<p><a href="${session.cancel_url}">Go back without paying</a></p>` : null}
      ${cardHints()}`,
  }
}

function closedPage(session: CheckoutSession): Page {
  return session.status === 'complete'
    ? noticePage(200, 'Already paid', 'This checkout is completed; it cannot be paid twice.', successUrl(session))
    : noticePage(410, 'This checkout has expired', 'Nothing was paid. Go back and start again.', session.cancel_url)
}

function summary(provider: Provider, session: CheckoutSession): Markup {
  const note = provider.store.need('checkoutNote', session.id)
  const { currency } = session
  const [first] = note.lineItems
  const recurring = first?.price.recurring
  const interval = recurring
    ? recurring.interval_count === 1
      ? ` / ${recurring.interval}`
      : ` / ${recurring.interval_count} ${recurring.interval}s`
    : ''
  const discount = session.total_details?.amount_discount ?? 0
  // Also in words, because the amount does not show when the discount ends.
  const terms = couponsOf(provider, session.discounts).map((coupon) => formatCoupon(coupon, recurring != null))
  const trialEnd = provider.clock.seconds() + note.trialDays * 86_400
  return safe`<h1>${note.lineItems.map((one) => safe`${one.description}${one.quantity > 1 ? ` × ${one.quantity}` : ''} `)}</h1>
    <div class="card">
      <p class="big">${formatAmount(regularAmount(note), currency)}<span class="soft">${interval}</span></p>
      ${note.trialDays > 0 ? safe`<p>Free for ${note.trialDays} days, then from ${formatDay(trialEnd)}. You can cancel before.</p>` : null}
      <dl>
        ${terms.length > 0 ? safe`<dt>${terms.join(', ')}</dt><dd>−${formatAmount(discount, currency)}</dd>` : null}
        <dt>Due today</dt><dd><strong>${formatAmount(session.amount_total, currency)}</strong></dd>
      </dl>
    </div>`
}

function promotionFields(session: CheckoutSession, code: string): Markup {
  const applied = session.discounts.length > 0
  return safe`<div class="card">
    <label for="code">Promotion code</label>
    <div class="row">
      <input id="code" name="code" autocomplete="off" maxlength="100" value="${code}">
      <button name="do" value="code" formnovalidate>Apply</button>
      ${applied ? safe`<button name="do" value="no-code" formnovalidate>Remove</button>` : null}
    </div>
    ${applied ? safe`<p class="notice" role="status">The code is applied.</p>` : null}
  </div>`
}

/** Handles the form of the checkout page: a card, or a promotion code. */
export function submitCheckout(
  provider: Provider,
  confirmations: Confirmations,
  id: string,
  form: URLSearchParams,
): PageAnswer {
  const session = provider.store.get('checkout.session', id)
  if (session?.status !== 'open') return checkoutPage(provider, id)
  const shown = { typed: typedCard(form), code: (form.get('code') ?? '').trim().slice(0, 100), problem: null }
  try {
    if (form.get('do') === 'code') return applyCode(provider, session, shown)
    if (form.get('do') === 'no-code') {
      setDiscounts(provider, session, [])
      return checkoutPage(provider, id, { ...shown, code: '' })
    }
    const card = readCard(shown.typed, provider.clock.now())
    if (typeof card === 'string') return checkoutPage(provider, id, { ...shown, problem: card, status: 400 })
    const pay = (presence: 'present' | 'confirmed'): PageAnswer => {
      try {
        return { redirect: successUrl(completeSession(provider, id, { card, presence })) }
      } catch (error) {
        return checkoutPage(provider, id, { ...shown, ...asShown(error) })
      }
    }
    if (judge(card.card, false, 'present').kind !== 'asks') return pay('present')
    return confirmations.ask({
      what: `${formatAmount(session.amount_total, session.currency)} to ${provider.settings.siteOrigins[0] ?? 'the site'}.`,
      formTargets: [session.success_url],
      resume: (confirmed) =>
        confirmed ? pay('confirmed') : checkoutPage(provider, id, { ...shown, problem: notAuthenticated, status: 402 }),
    })
  } catch (error) {
    return checkoutPage(provider, id, { ...shown, ...asShown(error) })
  }
}

function applyCode(provider: Provider, session: CheckoutSession, shown: Shown): PageAnswer {
  const { store } = provider
  const code = store
    .all('promotion_code')
    .find((one) => one.active && one.code.toUpperCase() === shown.code.toUpperCase())
  const source = usableCode(provider, code, session.currency)
  setDiscounts(provider, session, [{ coupon: source.coupon, promotion_code: source.promotionCode }])
  return checkoutPage(provider, session.id, shown)
}

function setDiscounts(provider: Provider, session: CheckoutSession, discounts: CheckoutSession['discounts']): void {
  const note = provider.store.need('checkoutNote', session.id)
  change(provider, 'checkout.session', session, { discounts, ...amountsOf(provider, note, discounts) })
}

function asShown(error: unknown): Pick<Shown, 'problem' | 'status'> {
  if (error instanceof StripeProblem) return { problem: error.message, status: error.status }
  throw error
}

const successUrl = (session: CheckoutSession): string =>
  (session.success_url ?? '/').replaceAll('{CHECKOUT_SESSION_ID}', session.id)
