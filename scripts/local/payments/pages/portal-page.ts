import { changeCard } from '../billing/change-card.ts'
import { judge, type Presence } from '../billing/cards.ts'
import { endSchedule } from '../billing/subscriptions/end.ts'
import { updateSubscription } from '../billing/subscriptions/update.ts'
import { StripeProblem } from '../problem.ts'
import type { Subscription } from '../state/resources.ts'
import type { Provider } from '../state/provider.ts'
import { nothingTyped, readCard, typedCard, type TypedCard } from './card-form.ts'
import { notAuthenticated, type Confirmations } from './confirmations.ts'
import { noticePage, type Page, type PageAnswer } from './page.ts'
import { cancelBody, cardBody, homeBody } from './portal-body.ts'

type PortalSession = NonNullable<ReturnType<typeof openSession>>

/** Messages about a finished action. The address has only its name. */
const notices: Readonly<Record<string, string>> = {
  card: 'The new card was saved.',
  cancel: 'The plan ends at the end of its period.',
  keep: 'The plan continues.',
}

export function portalPage(provider: Provider, id: string, query: URLSearchParams): Page {
  const session = openSession(provider, id)
  if (!session) return goneAway(provider)
  const notice = notices[query.get('done') ?? ''] ?? null
  const show = query.get('show') ?? (session.flow && !notice ? 'card' : 'home')
  if (show === 'card') return cardPage(provider, session, nothingTyped, null)
  const subscription = ownSubscription(provider, session, query.get('subscription') ?? '')
  if (show === 'cancel' && subscription)
    return page(session, 'Cancel plan', cancelBody(provider, session, subscription))
  return page(session, 'Your membership', homeBody(provider, session, notice, null))
}

export function submitPortal(
  provider: Provider,
  confirmations: Confirmations,
  id: string,
  action: string,
  form: URLSearchParams,
): PageAnswer {
  const session = openSession(provider, id)
  if (!session) return goneAway(provider)
  if (action === 'card') return submitCard(provider, confirmations, session, typedCard(form))
  const subscription = ownSubscription(provider, session, form.get('subscription') ?? '')
  if (!subscription) return portalPage(provider, id, new URLSearchParams())
  try {
    if (action === 'cancel') setEnd(provider, subscription, true)
    if (action === 'keep') setEnd(provider, subscription, false)
    return { redirect: after(session, action) }
  } catch (error) {
    if (!(error instanceof StripeProblem)) throw error
    return {
      ...page(session, 'Your membership', homeBody(provider, session, null, error.message)),
      status: error.status,
    }
  }
}

function submitCard(
  provider: Provider,
  confirmations: Confirmations,
  session: PortalSession,
  typed: TypedCard,
): PageAnswer {
  const details = readCard(typed, provider.clock.now())
  if (typeof details === 'string') return cardPage(provider, session, typed, details, 400)
  const keep = (presence: Presence): PageAnswer => {
    try {
      changeCard(provider, session.customer, details, presence)
      return { redirect: after(session, 'card') }
    } catch (error) {
      if (!(error instanceof StripeProblem)) throw error
      return cardPage(provider, session, typed, error.message, error.status)
    }
  }
  if (judge(details.card, false, 'present').kind !== 'asks') return keep('present')
  return confirmations.ask({
    what: 'The card will be saved for later payments.',
    formTargets: targetsOf(session),
    resume: (confirmed) => (confirmed ? keep('confirmed') : cardPage(provider, session, typed, notAuthenticated, 402)),
  })
}

function setEnd(provider: Provider, subscription: Subscription, ends: boolean): void {
  provider.store.transact(() => {
    const schedule = provider.store.get('subscription_schedule', subscription.schedule)
    // Cancelling or keeping the plan cancels a scheduled change.
    if (schedule) endSchedule(provider, schedule, 'released')
    updateSubscription(provider, provider.store.need('subscription', subscription.id), { cancelAtPeriodEnd: ends })
  })
}

/** Returns the address after an action: the return address of the flow, or the first page of the portal. */
function after(session: PortalSession, action: string): string {
  const then = session.flow?.after_completion
  return then?.type === 'redirect' && then.redirect
    ? then.redirect.return_url
    : `/p/session/${session.id}?done=${action}`
}

const cardPage = (
  provider: Provider,
  session: PortalSession,
  typed: TypedCard,
  problem: string | null,
  status = 200,
): Page => ({
  ...page(session, 'Change card', cardBody(provider, session, typed, problem)),
  status,
})

const page = (session: PortalSession, title: string, body: Page['body']): Page => ({
  title,
  body,
  formTargets: targetsOf(session),
})

const targetsOf = ({ return_url, flow }: PortalSession) => [
  return_url,
  flow?.after_completion.redirect?.return_url ?? null,
]

function openSession({ store }: Provider, id: string) {
  const note = store.get('portalNote', id)
  return note && note.expiresAt > Date.now() ? store.get('billing_portal.session', id) : undefined
}

function ownSubscription({ store }: Provider, { customer }: PortalSession, id: string): Subscription | undefined {
  const found = store.get('subscription', id)
  return found?.customer === customer ? found : undefined
}

const goneAway = (provider: Provider): Page =>
  noticePage(410, 'This page is no longer open', 'Open it again from the site.', provider.settings.siteOrigins[0])
