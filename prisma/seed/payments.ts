import type Stripe from 'stripe'
import { personas, type Persona } from '../../scripts/local/identity/personas.ts'
import { applySync, createStripe, planSyncOf } from '../../server/src/billing/index.ts'
import type { Database } from '../../server/src/db/index.ts'

interface PaymentSeedOptions {
  /** The local payment provider: its address and its key. */
  readonly provider: Parameters<typeof createStripe>[0] & { readonly apiBase: URL }
  /** The `iss` of the tokens of the personas. */
  readonly issuer: string
  /** Business time. */
  readonly now: Date
}

/**
 * Gives the local payment provider the records of the demo: the plans with their prices, and for each paid membership of a persona a
 * customer with a card, a subscription and receipts. Changes only what differs, so it is safe to repeat.
 */
export async function seedPayments(db: Database, { provider, issuer, now }: PaymentSeedOptions): Promise<void> {
  const stripe = createStripe(provider) as Stripe
  await applySync({ db, stripe, steps: await planSyncOf(db, stripe, now), now })
  for (const persona of personas) await seedPersona({ db, stripe, base: provider.apiBase, issuer, now }, persona)
}

interface SeedContext {
  readonly db: Database
  readonly stripe: Stripe
  readonly base: URL
  readonly issuer: string
  readonly now: Date
}

type Held = NonNullable<Awaited<ReturnType<typeof paidMembershipOf>>>

async function seedPersona(context: SeedContext, persona: Persona): Promise<void> {
  const { db, now } = context
  const held = await paidMembershipOf(context, persona)
  if (!held) return
  if (held.subscription && (await isAsWanted(context, held.subscription.subscriptionId, held))) return
  const price = await db.billingPrice.findFirst({
    where: { planId: held.planId, interval: 'MONTHLY', archivedAt: null },
    select: { priceId: true },
  })
  if (!price) return
  // New ids each time: the events of earlier ones stay in the ledger.
  const mark = `${persona.name}_${now.getTime().toString(36)}`
  const link = {
    memberId: held.memberId,
    membershipId: held.id,
    customerId: `cus_demo_${mark}`,
    subscriptionId: `sub_demo_${mark}`,
    priceId: price.priceId,
    providerStatus: providerStatus[held.status] ?? 'active',
  }
  await createAtProvider(context, persona, held, link)
  await linkSubscription(db, link, now)
}

/** A subscription of the provider and the membership that it pays for. */
interface SubscriptionLink {
  readonly memberId: string
  readonly membershipId: string
  readonly customerId: string
  readonly subscriptionId: string
  readonly priceId: string
  /** The status that the provider reports, such as `active`. */
  readonly providerStatus: string
}

/**
 * Stores which subscription of the provider pays for a membership, and its customer. Replaces the earlier subscription of the
 * membership, and marks the member's other customers as deleted.
 */
async function linkSubscription(db: Database, link: SubscriptionLink, now: Date): Promise<void> {
  const { memberId, membershipId, customerId, subscriptionId, priceId, providerStatus } = link
  await db.$transaction(async (tx) => {
    await tx.billingSubscription.deleteMany({ where: { membershipId } })
    await tx.billingCustomer.updateMany({
      where: { memberId, customerId: { not: customerId }, goneAt: null },
      data: { goneAt: now },
    })
    const customer = { memberId, createdAt: now, goneAt: null }
    await tx.billingCustomer.upsert({ where: { customerId }, create: { customerId, ...customer }, update: customer })
    await tx.billingSubscription.create({ data: { subscriptionId, customerId, membershipId, providerStatus, priceId } })
  })
}

async function paidMembershipOf({ db, issuer }: SeedContext, { subject }: Persona) {
  const held = await db.membership.findFirst({
    where: { source: 'PAYMENT', member: { identities: { some: { issuer, subject } } } },
    orderBy: { startedAt: 'desc' },
    select: {
      id: true,
      memberId: true,
      planId: true,
      status: true,
      startedAt: true,
      currentPeriodEnd: true,
      cancelAtPeriodEnd: true,
      endedAt: true,
      subscription: { select: { subscriptionId: true } },
    },
  })
  return held?.currentPeriodEnd ? { ...held, currentPeriodEnd: held.currentPeriodEnd } : null
}

/** Creates the provider's records by a request that only the local provider has. No webhook reports them. */
async function createAtProvider(
  { base }: SeedContext,
  persona: Persona,
  held: Held,
  { customerId, subscriptionId, priceId, providerStatus: status }: SubscriptionLink,
): Promise<void> {
  const answer = await fetch(new URL('/_local/subscriptions', base), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      customerId,
      subscriptionId,
      email: persona.email,
      name: persona.displayName,
      priceId,
      status,
      startedAt: held.startedAt,
      periodStart: monthBefore(held.currentPeriodEnd),
      periodEnd: held.currentPeriodEnd,
      endedAt: held.endedAt,
      card: status === 'active' ? 'pays' : 'failsAtRenewal',
      cancelAtPeriodEnd: held.cancelAtPeriodEnd,
    }),
  })
  if (!answer.ok) throw new Error(`the local payment provider refused ${persona.name}: ${await answer.text()}`)
}

const providerStatus: Readonly<Record<string, string>> = { ACTIVE: 'active', PAST_DUE: 'past_due', ENDED: 'canceled' }

/** Tells whether the provider has a subscription with the status and the period that the demo wants. */
async function isAsWanted({ stripe }: SeedContext, subscriptionId: string, held: Held): Promise<boolean> {
  try {
    const found = await stripe.subscriptions.retrieve(subscriptionId)
    const periodEnd = (found.items.data[0]?.current_period_end ?? 0) * 1000
    return (
      found.status === providerStatus[held.status] &&
      periodEnd === held.currentPeriodEnd.getTime() &&
      found.cancel_at_period_end === held.cancelAtPeriodEnd
    )
  } catch {
    // The provider's data was deleted.
    return false
  }
}

function monthBefore(end: Date): Date {
  const start = new Date(end)
  start.setUTCMonth(start.getUTCMonth() - 1)
  // A short month has no 31st: the last day of that month instead.
  if (start.getUTCMonth() === end.getUTCMonth()) start.setUTCDate(0)
  return start
}
