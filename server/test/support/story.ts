import { v7 as uuidv7 } from 'uuid'
import { makeGiftCode } from '../../src/billing/gifts/gift-code.ts'
import type { Answer } from './app.ts'
import { monthsLater, paidStretches, type Stretch } from './entitled.ts'
import { unique } from './factories.ts'
import { eventually, startCheckout, type Buyer, type Sale } from './sale.ts'

// A member whom things happen to, at the provider and here; it remembers what was given, and asks the provider's books for the rest.

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

export interface Story {
  readonly buyer: Buyer
  /** Does it and waits until the provider's news of it are in. @param whileLate looked at before them, where they are held back */
  readonly live: (step: Step, whileLate: (before: readonly Stretch[]) => Promise<void>) => Promise<void>
  readonly entitledTo: () => Promise<Stretch[]>
  /** So that it does not go on being renewed. */
  readonly end: () => Promise<void>
}

const hour = 3_600_000
const refusals = ['CONFLICT', 'BAD_USER_INPUT', 'NOT_FOUND']

export async function beginStory(sale: Sale, plans: readonly Plan[], graceMilliseconds: number): Promise<Story> {
  const { db, stripe, provider, clock } = sale
  const buyer = await sale.buyer()
  const staff = sale.issuer.sign({ sub: `auth0|staff-${unique()}`, permissions: ['manage:plans'] })
  const given = new Map<string, Stretch>()
  let gifts: Stretch[] = []
  const planOf = (index: number): Plan => plans[index % plans.length] as Plan
  const rows = await db.billingPrice.findMany({ where: { planId: { in: plans.map(({ id }) => id) } } })
  const planOfPrice = new Map(rows.map(({ priceId, planId }) => [priceId, planId]))

  const customerOf = async () =>
    (await db.billingCustomer.findFirst({ where: { memberId: buyer.id, goneAt: null } }))?.customerId ?? null

  async function entitledTo(): Promise<Stretch[]> {
    const customer = await customerOf()
    const books = customer === null ? null : { stripe, customer, planOfPrice, graceMilliseconds }
    const paid = books === null ? [] : await paidStretches(books, clock.business().getTime())
    return [...paid, ...gifts, ...given.values()]
  }

  /** The news are in: each is answered with 200. */
  async function settle(): Promise<void> {
    await sale.holdNews(false)
    await eventually(
      async () => ((await (await fetch(`${provider}/_local/webhooks`)).json()) as { queue: unknown[] }).queue.length,
      (count) => count === 0,
    )
  }

  /** What the server may refuse is no step, and all else is a fault. */
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
    if (data?.startCheckout) await confirmed(await sale.pay(data.startCheckout.url, step.card))
  }

  async function changeCard(card: string): Promise<void> {
    const open = 'mutation { openBillingPortal(returnTo: "/", task: UPDATE_CARD) { url } }'
    const { data } = allowed(await buyer.ask(open))
    if (data?.openBillingPortal) await confirmed(await sale.pay(`${data.openBillingPortal.url}/card`, card))
  }

  async function takeBack(which: number, how: (charge: { id: string; amount: number }) => Promise<unknown>) {
    const customer = await customerOf()
    if (customer === null) return
    const { data } = await stripe.charges.list({ customer, limit: 100 })
    const paid = data.filter(({ status, refunded, disputed }) => status === 'succeeded' && !refunded && !disputed)
    const charge = paid[which % Math.max(1, paid.length)]
    if (!charge) return
    // Read before the server hears of it: what it then does at the provider must not say what is right.
    await sale.holdNews(true)
    await how(charge)
    const standing = await Promise.all(
      (await subscriptions()).map(async ({ id }) => ({ id, stands: (await entitledOf(id)).length > 0 })),
    )
    await settle()
    for (const { id, stands } of standing) {
      // Whoever got the money back for what they pay for now is cancelled by the server, in its own time; nobody else.
      const { status } = stands
        ? await stripe.subscriptions.retrieve(id)
        : await eventually(
            () => stripe.subscriptions.retrieve(id),
            (found) => found.status === 'canceled',
          )
      if (stands && status === 'canceled') throw new Error(`${id} was paid for and was cancelled`)
    }
  }

  async function entitledOf(subscriptionId: string): Promise<Stretch[]> {
    const { customer } = await stripe.subscriptions.retrieve(subscriptionId)
    const books = { stripe, customer: String(customer), planOfPrice, graceMilliseconds }
    return paidStretches(books, clock.business().getTime(), subscriptionId)
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
    // No day is lost, and none is given twice: after the last one, or from now on.
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
    const { errors } = await sale.ask(query, { token: staff, variables: { member: buyer.id, plan, until } })
    if (errors) throw new Error(JSON.stringify(errors))
    given.set(planId, { planId, from: now, until: until?.getTime() ?? Infinity, why: 'complimentary' })
  }

  async function revoke({ id: planId, slug: plan }: Plan): Promise<void> {
    const query = `mutation ($member: ID!, $plan: String!) { revokeMembership(member: $member, plan: $plan, reason: "test") { status } }`
    allowed(await sale.ask(query, { token: staff, variables: { member: buyer.id, plan } }))
    // Whatever was given without payment, gifts among it.
    given.delete(planId)
    gifts = gifts.filter((gift) => gift.planId !== planId)
  }

  async function pass(milliseconds: number, late: boolean, whileLate: (before: readonly Stretch[]) => Promise<void>) {
    const before = await entitledTo()
    if (late) await sale.holdNews(true)
    await sale.pass(milliseconds)
    if (late) await whileLate(before)
  }

  /** To so many minutes before or after the next end, or end of a period. */
  async function reach(of: 'end' | 'period', minutes: number): Promise<void> {
    const now = clock.business().getTime()
    const periods = (await subscriptions()).map(({ items }) => (items.data[0]?.current_period_end ?? 0) * 1000)
    const ends = of === 'period' ? periods : (await entitledTo()).map(({ until }) => until)
    const next = Math.min(...ends.filter((end) => Number.isFinite(end) && end + minutes * 60_000 > now))
    if (Number.isFinite(next) && next - now < 400 * 24 * hour) {
      await sale.pass(Math.round(next + minutes * 60_000 - now))
    }
  }

  async function act(step: Step, whileLate: (before: readonly Stretch[]) => Promise<void>): Promise<unknown> {
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
          const { id: disputeId } = await sale.control('disputes', { chargeId })
          await sale.control('disputes', { disputeId, outcome: step.outcome })
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
    entitledTo,
    async live(step, whileLate) {
      await act(step, whileLate)
      await settle()
    },
    async end() {
      await Promise.all((await subscriptions()).map(({ id }) => stripe.subscriptions.cancel(id)))
      await settle()
    },
  }
}
