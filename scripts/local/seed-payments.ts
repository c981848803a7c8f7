import { applySync, createStripe, planSyncOf } from '../../server/src/billing/index.ts'
import type { Database } from '../../server/src/db/index.ts'
import type { ScriptSettings } from '../env.ts'
import { personas, type Persona } from './identity/personas.ts'

/**
 * Gives the local payment provider what the demo needs: the plans with their prices, and behind each persona's paid membership
 * a customer with a card, a subscription and receipts. What fits already stays.
 */
export async function seedPayments(db: Database, settings: ScriptSettings, now: Date): Promise<void> {
  const { payments } = settings.server
  if (payments === null || payments.apiBase === null) return
  const stripe = createStripe(payments)
  await applySync({ db, stripe, steps: await planSyncOf(db, stripe, now), now })
  for (const persona of personas)
    await seedPersona({ db, stripe, base: payments.apiBase, issuer: settings.server.auth.issuer, now }, persona)
}

interface SeedContext {
  readonly db: Database
  readonly stripe: ReturnType<typeof createStripe>
  readonly base: URL
  readonly issuer: string
  readonly now: Date
}

async function seedPersona(context: SeedContext, persona: Persona): Promise<void> {
  const { db, base, issuer, now } = context
  const held = await db.membership.findFirst({
    where: { source: 'PAYMENT', member: { identities: { some: { issuer, subject: persona.subject } } } },
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
  if (!held || held.currentPeriodEnd === null) return
  if (held.subscription && (await fits(context, held.subscription.subscriptionId, held))) return
  const price = await db.billingPrice.findFirst({
    where: { planId: held.planId, interval: 'MONTHLY', archivedAt: null },
    select: { priceId: true },
  })
  if (!price) return
  // New names each time: what was said of the old ones stays in the ledger, and is nobody's.
  const mark = `${persona.name}_${now.getTime().toString(36)}`
  const [customerId, subscriptionId] = [`cus_demo_${mark}`, `sub_demo_${mark}`]
  const status = providerStatus[held.status] ?? 'active'
  const answer = await fetch(new URL('/_local/subscriptions', base), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      customerId,
      subscriptionId,
      email: persona.email,
      name: persona.displayName,
      priceId: price.priceId,
      status,
      startedAt: held.startedAt,
      periodStart: monthBefore(held.currentPeriodEnd),
      periodEnd: held.currentPeriodEnd,
      endedAt: held.endedAt,
      card: status === 'active' ? 'pays' : 'failsAtRenewal',
      cancelAtPeriodEnd: held.cancelAtPeriodEnd,
      openInvoice: status === 'past_due',
    }),
  })
  if (!answer.ok) throw new Error(`the local payment provider refused ${persona.name}: ${await answer.text()}`)
  await db.$transaction(async (tx) => {
    await tx.billingSubscription.deleteMany({ where: { membershipId: held.id } })
    const { memberId } = held
    await tx.billingCustomer.updateMany({
      where: { memberId, customerId: { not: customerId }, goneAt: null },
      data: { goneAt: now },
    })
    const customer = { memberId, createdAt: now, goneAt: null }
    await tx.billingCustomer.upsert({ where: { customerId }, create: { customerId, ...customer }, update: customer })
    await tx.billingSubscription.create({
      data: { subscriptionId, customerId, membershipId: held.id, providerStatus: status, priceId: price.priceId },
    })
  })
}

interface Held {
  readonly status: string
  readonly currentPeriodEnd: Date | null
  readonly cancelAtPeriodEnd: boolean
}

const providerStatus: Readonly<Record<string, string>> = { ACTIVE: 'active', PAST_DUE: 'past_due', ENDED: 'canceled' }

/** Whether the provider has it as the demo wants it. */
async function fits({ stripe }: SeedContext, subscriptionId: string, held: Held): Promise<boolean> {
  try {
    const there = await stripe.subscriptions.retrieve(subscriptionId)
    const end = (there.items.data[0]?.current_period_end ?? 0) * 1000
    return (
      there.status === providerStatus[held.status] &&
      end === held.currentPeriodEnd?.getTime() &&
      there.cancel_at_period_end === held.cancelAtPeriodEnd
    )
  } catch {
    // Its memory was deleted.
    return false
  }
}

function monthBefore(end: Date): Date {
  const start = new Date(end)
  start.setUTCMonth(start.getUTCMonth() - 1)
  // The 31st has no day to go back to in a short month.
  if (start.getUTCMonth() === end.getUTCMonth()) start.setUTCDate(0)
  return start
}
