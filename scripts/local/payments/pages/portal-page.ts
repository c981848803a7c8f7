import { changeCard } from '../billing/change-card.ts'
import { judge, type Presence } from '../billing/cards.ts'
import { endSchedule } from '../billing/end.ts'
import { itemOf } from '../billing/invoicing.ts'
import { updateSubscription } from '../billing/update.ts'
import { StripeProblem } from '../problem.ts'
import type { Subscription } from '../state/resources.ts'
import type { World } from '../state/world.ts'
import { nothingTyped, readCard, typedCard, type TypedCard } from './card-form.ts'
import { notAuthenticated, type Confirmations } from './confirmations.ts'
import { noticePage, type Page, type PageAnswer } from './page.ts'
import { cancelBody, cardBody, homeBody, planBody } from './portal-body.ts'

type PortalSession = NonNullable<ReturnType<typeof openSession>>

/** What is told after something was done; the address carries only which. */
const notices: Readonly<Record<string, string>> = {
  card: 'The new card is kept.',
  cancel: 'The plan ends at the end of its period.',
  keep: 'The plan goes on.',
  plan: 'The plan is changed.',
}

export function portalPage(world: World, id: string, query: URLSearchParams): Page {
  const session = openSession(world, id)
  if (!session) return goneAway(world)
  const { flow } = session
  const notice = notices[query.get('done') ?? '']
  const show = query.get('show') ?? (notice ? 'home' : (flow?.type ?? 'home'))
  if (show === 'payment_method_update') return cardPage(world, session, nothingTyped, null)
  if (show === 'subscription_cancel' || show === 'subscription_update') {
    const named = flow?.subscription_cancel?.subscription ?? flow?.subscription_update?.subscription
    const subscription = ownSubscription(world, session, query.get('subscription') ?? named ?? '')
    if (subscription && show === 'subscription_cancel')
      return page(session, 'Cancel plan', cancelBody(world, session, subscription, null))
    if (subscription) return page(session, 'Change plan', planBody(world, session, subscription, null))
  }
  return page(session, 'Your membership', homeBody(world, session, notice ?? null, null))
}

export function submitPortal(
  world: World,
  confirmations: Confirmations,
  id: string,
  action: string,
  form: URLSearchParams,
): PageAnswer {
  const session = openSession(world, id)
  if (!session) return goneAway(world)
  if (action === 'card') return submitCard(world, confirmations, session, typedCard(form))
  const subscription = ownSubscription(world, session, form.get('subscription') ?? '')
  if (!subscription) return portalPage(world, id, new URLSearchParams())
  try {
    if (action === 'cancel') setEnd(world, subscription, true)
    if (action === 'keep') setEnd(world, subscription, false)
    if (action === 'plan') setPlan(world, subscription, form.get('price') ?? '')
    return { redirect: after(session, action) }
  } catch (error) {
    if (!(error instanceof StripeProblem)) throw error
    return { ...page(session, 'Your membership', homeBody(world, session, null, error.message)), status: error.status }
  }
}

function submitCard(world: World, confirmations: Confirmations, session: PortalSession, typed: TypedCard): PageAnswer {
  const details = readCard(typed, false, world.clock.now())
  if (typeof details === 'string') return cardPage(world, session, typed, details, 400)
  const keep = (presence: Presence): PageAnswer => {
    try {
      changeCard(world, session.customer, details, presence)
      return { redirect: after(session, 'card') }
    } catch (error) {
      if (!(error instanceof StripeProblem)) throw error
      return cardPage(world, session, typed, error.message, error.status)
    }
  }
  if (judge(details.card, false, 'present').kind !== 'asks') return keep('present')
  return confirmations.ask({
    what: 'A card is to be kept for later payments.',
    formTargets: targetsOf(session),
    resume: (confirmed) => (confirmed ? keep('confirmed') : cardPage(world, session, typed, notAuthenticated, 402)),
  })
}

function setEnd(world: World, subscription: Subscription, ends: boolean): void {
  world.store.transact(() => {
    const schedule = world.store.get('subscription_schedule', subscription.schedule)
    // Who ends it, or keeps it, wants the planned change no more.
    if (schedule) endSchedule(world, schedule, 'released')
    updateSubscription(world, world.store.need('subscription', subscription.id), { cancelAtPeriodEnd: ends })
  })
}

function setPlan(world: World, subscription: Subscription, priceId: string): void {
  const price = world.store.get('price', priceId)
  if (!price?.active || !price.recurring || price.id === itemOf(subscription).price.id) return
  world.store.transact(() =>
    updateSubscription(world, subscription, {
      price,
      prorationBehavior: 'always_invoice',
      paymentBehavior: 'error_if_incomplete',
    }),
  )
}

/** Where a flow says that one goes when it is done, or the portal's first page. */
function after(session: PortalSession, action: string): string {
  const then = session.flow?.after_completion
  return then?.type === 'redirect' && then.redirect
    ? then.redirect.return_url
    : `/p/session/${session.id}?done=${action}`
}

const cardPage = (
  world: World,
  session: PortalSession,
  typed: TypedCard,
  problem: string | null,
  status = 200,
): Page => ({
  ...page(session, 'Change card', cardBody(world, session, typed, problem)),
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

function openSession({ store }: World, id: string) {
  const note = store.get('portalNote', id)
  return note && note.expiresAt > Date.now() ? store.get('billing_portal.session', id) : undefined
}

function ownSubscription({ store }: World, { customer }: PortalSession, id: string): Subscription | undefined {
  const found = store.get('subscription', id)
  return found?.customer === customer ? found : undefined
}

const goneAway = (world: World): Page =>
  noticePage(410, 'This page is no longer open', 'Open it again from the site.', world.settings.siteOrigins[0])
