import type {
  BillingInvoicesArgs,
  MutationChangePlanArgs,
  MutationOpenBillingPortalArgs,
  MutationRedeemGiftArgs,
  MutationStartCheckoutArgs,
  MutationStartGiftCheckoutArgs,
  QueryPlanChangeArgs,
} from '../schema-types.ts'
import { acceptFirst, mostRows } from '../lib/pagination.ts'
import { currentMember, type MemberReader } from '../members/index.ts'
import { knownPlan } from '../catalogue/index.ts'
import { hadTrial } from '../membership/index.ts'
import type { BillingContext } from './context.ts'
import { changePlan, plannedChange } from './subscription/change-plan.ts'
import { startCheckout } from './checkout/start-checkout.ts'
import { startGiftCheckout } from './gifts/start-gift-checkout.ts'
import { redeemGift } from './gifts/redeem-gift.ts'
import { cancelMembership, keepMembership } from './subscription/cancel-membership.ts'
import { offerOf } from './offer.ts'
import { openBillingPortal } from './portal.ts'
import { cardOf, dueNowOf, invoicesOf, nextPaymentOf, openInvoiceOf } from './provider/account-reads.ts'
import { priceOnSale } from './catalogue-sync/queries.ts'
import { giftsBoughtBy } from './gifts/queries.ts'
import { planChangeBlocker, purchaseStep, runningTrialEnd } from './subscription/purchase-eligibility.ts'
import type { BillingModel, GiftRow, PlanChangeModel } from './types.ts'

/** The provider is asked for 24 invoices or for the maximum, so that aliases with other counts share a request. */
const fewInvoices = 24

export const billingResolvers = {
  Query: {
    planChange: async (_parent: unknown, { plan, interval }: QueryPlanChangeArgs, ctx: BillingContext) => {
      const { memberId } = await currentMember(ctx)
      return plannedChange(ctx, memberId, await offerOf(ctx, plan, interval))
    },
  },
  Mutation: {
    startCheckout: async (
      _parent: unknown,
      { plan, interval, returnTo }: MutationStartCheckoutArgs,
      ctx: BillingContext,
    ) => {
      const { memberId } = await currentMember(ctx)
      return { url: await startCheckout(ctx, memberId, await offerOf(ctx, plan, interval), returnTo) }
    },
    startGiftCheckout: async (
      _parent: unknown,
      { plan, interval, returnTo }: MutationStartGiftCheckoutArgs,
      ctx: BillingContext,
    ) => {
      const { memberId } = await currentMember(ctx)
      return { url: await startGiftCheckout(ctx, memberId, await offerOf(ctx, plan, interval), returnTo) }
    },
    openBillingPortal: async (
      _parent: unknown,
      { returnTo, task }: MutationOpenBillingPortalArgs,
      ctx: BillingContext,
    ) => {
      const { memberId } = await currentMember(ctx)
      return { url: await openBillingPortal(ctx, memberId, returnTo, task ?? 'OVERVIEW') }
    },
    changePlan: async (_parent: unknown, { plan, interval }: MutationChangePlanArgs, ctx: BillingContext) => {
      const member = await currentMember(ctx)
      await changePlan(ctx, member.memberId, await offerOf(ctx, plan, interval))
      return member
    },
    cancelMembership: async (_parent: unknown, _args: unknown, ctx: BillingContext) => {
      const member = await currentMember(ctx)
      await cancelMembership(ctx, member.memberId)
      return member
    },
    keepMembership: async (_parent: unknown, _args: unknown, ctx: BillingContext) => {
      const member = await currentMember(ctx)
      await keepMembership(ctx, member.memberId)
      return member
    },
    redeemGift: async (_parent: unknown, { code }: MutationRedeemGiftArgs, ctx: BillingContext) =>
      redeemGift(ctx, (await currentMember(ctx)).memberId, code),
  },
  Viewer: {
    billing: async ({ memberId }: MemberReader, _args: unknown, ctx: BillingContext) => ctx.billing.payer(memberId),
    gifts: async ({ memberId }: MemberReader, _args: unknown, ctx: BillingContext) => giftsBoughtBy(ctx.db, memberId),
    purchaseStep: async ({ memberId }: MemberReader, _args: unknown, ctx: BillingContext) =>
      purchaseStep(await ctx.membership.memberships.load(memberId), ctx.now),
    trialAvailable: async ({ memberId }: MemberReader, _args: unknown, ctx: BillingContext) =>
      !(await hadTrial(ctx.db, memberId)),
  },
  Billing: {
    interval: ({ subscription }: BillingModel) => subscription?.interval ?? null,
    price: ({ subscription }: BillingModel) => subscription,
    nextPayment: async ({ subscription }: BillingModel, _args: unknown, ctx: BillingContext) => {
      const { cancelAtPeriodEnd, currentPeriodEnd } = subscription?.membership ?? {}
      const renews = subscription && planChangeBlocker(subscription.membership, ctx.now) === null && !cancelAtPeriodEnd
      if (!renews || !currentPeriodEnd) return null
      return ctx.billing.readOrNull('the next payment', (stripe) =>
        nextPaymentOf(stripe, subscription, currentPeriodEnd),
      )
    },
    change: async (
      { subscription }: BillingModel,
      _args: unknown,
      ctx: BillingContext,
    ): Promise<PlanChangeModel | null> => {
      if (!subscription?.next) return null
      const { planId, interval, at } = subscription.next
      const plan = knownPlan(await ctx.catalogue(), planId)
      const trialEndsAt = runningTrialEnd(subscription.membership)
      return { plan, interval, direction: 'DOWN', at, trialEndsAt, subscription: null }
    },
    card: async (payer: BillingModel, _args: unknown, ctx: BillingContext) =>
      ctx.billing.readOrNull('the card', (stripe) => cardOf(stripe, payer)),
    openInvoice: async ({ customerId }: BillingModel, _args: unknown, ctx: BillingContext) =>
      ctx.billing.readOrNull('an open invoice', (stripe) => openInvoiceOf(stripe, customerId)),
    invoices: async ({ customerId }: BillingModel, { first }: BillingInvoicesArgs, ctx: BillingContext) => {
      const wanted = acceptFirst(first)
      const limit = wanted <= fewInvoices ? fewInvoices : mostRows
      const invoices = await ctx.billing.readOrNull(`${limit} invoices`, (stripe) =>
        invoicesOf(stripe, customerId, limit),
      )
      return invoices?.slice(0, wanted) ?? null
    },
  },
  PlanChange: {
    dueNow: async (
      { plan, interval, trialEndsAt, subscription }: PlanChangeModel,
      _args: unknown,
      ctx: BillingContext,
    ) => {
      if (!subscription) return null
      // Nothing is due during a trial. The provider's preview would show the payment after it.
      if (trialEndsAt && trialEndsAt > ctx.now) return { amountMinor: 0, currency: subscription.currency }
      const price = await priceOnSale(ctx.db, plan.id, interval)
      if (!price) return null
      return ctx.billing.readOrNull(`the price of a change to ${plan.slug}, ${interval}`, (stripe) =>
        dueNowOf(stripe, subscription, { priceId: price.priceId, endsTrial: trialEndsAt !== null }),
      )
    },
  },
  Gift: {
    plan: async ({ planId }: GiftRow, _args: unknown, ctx: BillingContext) => knownPlan(await ctx.catalogue(), planId),
    voided: ({ voidedAt }: GiftRow) => voidedAt !== null,
  },
}
