import { allow, type RuleMap } from '../lib/shield.ts'
import { isMember } from '../members/index.ts'

/** The types below are reachable only through the reader's own `Viewer` and mutations. */
export const billingRules: RuleMap = {
  Query: { planChange: isMember },
  Mutation: {
    startCheckout: isMember,
    startGiftCheckout: isMember,
    openBillingPortal: isMember,
    changePlan: isMember,
    cancelMembership: isMember,
    keepMembership: isMember,
    redeemGift: isMember,
  },
  Viewer: { billing: allow, gifts: allow, trialAvailable: allow, purchaseStep: allow },
  Redirect: { url: allow },
  PlanChange: { plan: allow, interval: allow, direction: allow, at: allow, trialEndsAt: allow, dueNow: allow },
  Billing: {
    interval: allow,
    price: allow,
    nextPayment: allow,
    change: allow,
    card: allow,
    openInvoice: allow,
    invoices: allow,
  },
  NextPayment: { at: allow, amount: allow },
  Card: { brand: allow, last4: allow, expiryMonth: allow, expiryYear: allow },
  Invoice: { id: allow, number: allow, createdAt: allow, description: allow, total: allow, status: allow, url: allow },
  Gift: { id: allow, code: allow, plan: allow, interval: allow, boughtAt: allow, redeemedAt: allow, voided: allow },
}
