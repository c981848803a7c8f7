import { v7 as uuidv7 } from 'uuid'
import { makeGiftCode } from '../../src/billing/gifts/gift-code.ts'
import type { Answer } from './app.ts'
import { monthsLater, paidPeriods, type AccessPeriod } from './expected-access.ts'
import { unique } from './factories.ts'
import { eventually } from './eventually.ts'
import { startCheckout, type Buyer, type BillingApp } from './billing-app.ts'

// Simulates a member: performs steps at the provider and on the server. The expected access is computed from recorded grants and gifts
// and from the provider's records.

export type Step =
  | { readonly do: 'subscribe'; readonly plan: number; readonly interval: Interval; readonly card: string }
  | { readonly do: 'card'; readonly card: string }
  | { readonly do: 'leave' | 'stay' | 'cancelNow' }
  | { readonly do: 'refund'; readonly which: number; readonly part: boolean }
  | { readonly do: 'dispute'; readonly which: number; readonly outcome: 'won' | 'lost' }
  | { readonly do: 'change'; readonly plan: number; readonly interval: Interval }
  | { readonly do: 'gift'; readonly plan: number; readonly interval: Interval }
  | { readonly do: 'grant'; readonly plan: number; readonly days: number | null }
  | { readonly do: 'revoke'; readonly plan: number }
  | { readonly do: 'pass'; readonly hours: number; readonly late: boolean }
  | { readonly do: 'reach'; readonly minutes: number; readonly of: 'end' | 'period' }

type Interval = 'MONTHLY' | 'YEARLY'

export interface Plan {
  readonly id: string
  readonly slug: string
}

export interface MemberSimulation {
  readonly buyer: Buyer
  /** Performs a step and waits until its webhooks are delivered. @param whileLate called before, for steps with delayed webhooks */
  readonly perform: (step: Step, whileLate: (before: readonly AccessPeriod[]) => Promise<void>) => Promise<void>
  readonly expectedAccess: () => Promise<AccessPeriod[]>
  /** Cancels the subscriptions, so that they are not renewed. */
  readonly end: () => Promise<void>
}

const hour = 3_600_000
const refusals = ['CONFLICT', 'BAD_USER_INPUT', 'NOT_FOUND']

export async function startSimulation(
  billingApp: BillingApp,
  plans: readonly Plan[],
  graceMilliseconds: number,
): Promise<MemberSimulation> {
  const { db, stripe, provider, clock } = billingApp
  const buyer = await billingApp.buyer()
  const staff = billingApp.issuer.sign({ sub: `auth0|staff-${unique()}`, permissions: ['manage:plans'] })
  const given = new Map<string, AccessPeriod>()
  let gifts: AccessPeriod[] = []
  const planOf = (index: number): Plan => plans[index % plans.length] as Plan
  const rows = await db.billingPrice.findMany({ where: { planId: { in: plans.map(({ id }) => id) } } })
  const planOfPrice = new Map(rows.map(({ priceId, planId }) => [priceId, planId]))

  const customerOf = async () =>
    (await db.billingCustomer.findFirst({ where: { memberId: buyer.id, goneAt: null } }))?.customerId ?? null

  async function expectedAccess(): Promise<AccessPeriod[]> {
    const customer = await customerOf()
    const records = customer === null ? null : { stripe, customer, planOfPrice, graceMilliseconds }
    const paid = records === null ? [] : await paidPeriods(records, clock.business().getTime())
    return [...paid, ...gifts, ...given.values()]
  }

  /** Delivers all webhooks and waits until each is answered with 200. */
  async function settle(): Promise<void> {
    await billingApp.holdWebhooks(false)
    await eventually(
      async () => ((await (await fetch(`${provider}/_local/webhooks`)).json()) as { queue: unknown[] }).queue.length,
      (count) => count === 0,
    )
  }

  /** Ignores expected refusals. @throws Error for any other error */
  function allowed(answer: Answer): Answer {
    const [error] = answer.errors ?? []
    if (error && !refusals.includes(error.extensions.code)) throw new Error(JSON.stringify(error))
    return answer
  }

  async function confirmed(address: string): Promise<void> {
    if (!address.startsWith('/confirm/')) return
    const body = new URLSearchParams({ outcome: 'complete' })
    await fetch(provider + address, { method: 'POST', body, redirect: 'manual' })
  }

  const subscriptions = async () => {
    const customer = await customerOf()
    if (customer === null) return []
    return (await stripe.subscriptions.list({ customer, limit: 100 })).data
  }

  async function subscribe(step: Extract<Step, { do: 'subscribe' }>): Promise<void> {
    const { data } = allowed(await startCheckout(buyer, planOf(step.plan).slug, step.interval))
    if (data?.startCheckout) await confirmed(await billingApp.pay(data.startCheckout.url, step.card))
  }

  async function changeCard(card: string): Promise<void> {
    const open = 'mutation { openBillingPortal(returnTo: "/", task: UPDATE_CARD) { url } }'
    const { data } = allowed(await buyer.ask(open))
    if (data?.openBillingPortal) await confirmed(await billingApp.pay(`${data.openBillingPortal.url}/card`, card))
  }

  async function takeBack(which: number, how: (charge: { id: string; amount: number }) => Promise<unknown>) {
    const customer = await customerOf()
    if (customer === null) return
    const { data } = await stripe.charges.list({ customer, limit: 100 })
    const paid = data.filter(({ status, refunded, disputed }) => status === 'succeeded' && !refunded && !disputed)
    const charge = paid[which % Math.max(1, paid.length)]
    if (!charge) return
    // Read before the webhook is delivered, because the server's reaction at the provider must not change the expectation.
    await billingApp.holdWebhooks(true)
    await how(charge)
    const before = await Promise.all(
      (await subscriptions()).map(async ({ id }) => ({ id, isPaid: (await expectedAccessOf(id)).length > 0 })),
    )
    await settle()
    for (const { id, isPaid } of before) {
      // The server cancels a subscription whose current payment was refunded, and no other.
      const { status } = isPaid
        ? await stripe.subscriptions.retrieve(id)
        : await eventually(
            () => stripe.subscriptions.retrieve(id),
            (found) => found.status === 'canceled',
          )
      if (isPaid && status === 'canceled') throw new Error(`${id} was paid for and was cancelled`)
    }
  }

  async function expectedAccessOf(subscriptionId: string): Promise<AccessPeriod[]> {
    const { customer } = await stripe.subscriptions.retrieve(subscriptionId)
    const records = { stripe, customer: String(customer), planOfPrice, graceMilliseconds }
    return paidPeriods(records, clock.business().getTime(), subscriptionId)
  }

  async function redeem(planId: string, interval: Interval): Promise<void> {
    const code = makeGiftCode()
    const [id, sessionId] = [uuidv7(), `cs_${uuidv7()}`]
    const price = { interval, amountMinor: 500, currency: 'EUR' }
    const boughtAt = clock.business()
    await db.gift.create({ data: { id, sessionId, code, planId, buyerId: buyer.id, ...price, boughtAt } })
    const { data } = allowed(await buyer.ask(`mutation { redeemGift(code: "${code}") { startedAt } }`))
    if (!data?.redeemGift) return
    const before = gifts.filter((gift) => gift.planId === planId && gift.until > boughtAt.getTime())
    const startedAt = new Date(data.redeemGift.startedAt as string)
    const [earliest, latest] = [boughtAt.getTime(), clock.business().getTime()]
    const from = Math.max(...before.map(({ until }) => until), earliest)
    // A gift starts at the end of the previous one or now, without a gap or an overlap.
    if (startedAt.getTime() < from || startedAt.getTime() > (before.length > 0 ? from : latest)) {
      throw new Error(`a gift begins at ${startedAt.toISOString()}, not at ${new Date(from).toISOString()}`)
    }
    const until = monthsLater(startedAt, interval === 'YEARLY' ? 12 : 1).getTime()
    gifts.push({ planId, from: startedAt.getTime(), until, why: 'gift' })
  }

  async function grant({ id: planId, slug: plan }: Plan, days: number | null): Promise<void> {
    const now = clock.business().getTime()
    const until = days === null ? null : new Date(now + days * 24 * hour)
    const query = `mutation ($member: ID!, $plan: String!, $until: DateTime) {
      grantMembership(member: $member, plan: $plan, until: $until, reason: "test") { status }
    }`
    const { errors } = await billingApp.ask(query, { token: staff, variables: { member: buyer.id, plan, until } })
    if (errors) throw new Error(JSON.stringify(errors))
    given.set(planId, { planId, from: now, until: until?.getTime() ?? Infinity, why: 'complimentary' })
  }

  async function revoke({ id: planId, slug: plan }: Plan): Promise<void> {
    const query = `mutation ($member: ID!, $plan: String!) { revokeMembership(member: $member, plan: $plan, reason: "test") { status } }`
    allowed(await billingApp.ask(query, { token: staff, variables: { member: buyer.id, plan } }))
    // A revocation ends grants and gifts.
    given.delete(planId)
    gifts = gifts.filter((gift) => gift.planId !== planId)
  }

  async function pass(
    milliseconds: number,
    late: boolean,
    whileLate: (before: readonly AccessPeriod[]) => Promise<void>,
  ) {
    const before = await expectedAccess()
    if (late) await billingApp.holdWebhooks(true)
    await billingApp.pass(milliseconds)
    if (late) await whileLate(before)
  }

  /** Moves business time to a number of minutes before or after the next end of access or of a period. */
  async function reach(of: 'end' | 'period', minutes: number): Promise<void> {
    const now = clock.business().getTime()
    const periods = (await subscriptions()).map(({ items }) => (items.data[0]?.current_period_end ?? 0) * 1000)
    const ends = of === 'period' ? periods : (await expectedAccess()).map(({ until }) => until)
    const next = Math.min(...ends.filter((end) => Number.isFinite(end) && end + minutes * 60_000 > now))
    if (Number.isFinite(next) && next - now < 400 * 24 * hour) {
      await billingApp.pass(Math.round(next + minutes * 60_000 - now))
    }
  }

  async function act(step: Step, whileLate: (before: readonly AccessPeriod[]) => Promise<void>): Promise<unknown> {
    switch (step.do) {
      case 'subscribe':
        return subscribe(step)
      case 'card':
        return changeCard(step.card)
      case 'leave':
      case 'stay':
        return allowed(
          await buyer.ask(`mutation { ${step.do === 'leave' ? 'cancelMembership' : 'keepMembership'} { id } }`),
        )
      case 'cancelNow':
        return Promise.all((await subscriptions()).map(({ id }) => stripe.subscriptions.cancel(id)))
      case 'refund':
        return takeBack(step.which, ({ id: charge, amount }) =>
          stripe.refunds.create({ charge, ...(step.part && { amount: Math.max(1, Math.floor(amount / 4)) }) }),
        )
      case 'dispute':
        return takeBack(step.which, async ({ id: chargeId }) => {
          const { id: disputeId } = await billingApp.control('disputes', { chargeId })
          await billingApp.control('disputes', { disputeId, outcome: step.outcome })
        })
      case 'change': {
        const change = `mutation { changePlan(plan: "${planOf(step.plan).slug}", interval: ${step.interval}) { id } }`
        return allowed(await buyer.ask(change))
      }
      case 'gift':
        return redeem(planOf(step.plan).id, step.interval)
      case 'grant':
        return grant(planOf(step.plan), step.days)
      case 'revoke':
        return revoke(planOf(step.plan))
      case 'pass':
        return pass(step.hours * hour, step.late, whileLate)
      case 'reach':
        return reach(step.of, step.minutes)
    }
  }

  return {
    buyer,
    expectedAccess,
    async perform(step, whileLate) {
      await act(step, whileLate)
      await settle()
    },
    async end() {
      await Promise.all((await subscriptions()).map(({ id }) => stripe.subscriptions.cancel(id)))
      await settle()
    },
  }
}
