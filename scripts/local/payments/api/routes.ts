import { catalogueRoutes } from './catalogue.ts'
import { checkoutRoutes } from './checkout-sessions.ts'
import { customerRoutes } from './customers.ts'
import { eventRoutes } from './events.ts'
import { invoiceRoutes } from './invoices.ts'
import { paymentRoutes } from './payments.ts'
import { portalRoutes } from './portal.ts'
import { promotionRoutes } from './promotions.ts'
import type { Route } from './route.ts'
import { scheduleRoutes } from './schedules.ts'
import { subscriptionRoutes } from './subscriptions.ts'

/** The endpoints of the double. */
export const routes: readonly Route[] = [
  ...customerRoutes,
  ...catalogueRoutes,
  ...promotionRoutes,
  ...checkoutRoutes,
  ...portalRoutes,
  ...subscriptionRoutes,
  ...scheduleRoutes,
  ...invoiceRoutes,
  ...paymentRoutes,
  ...eventRoutes,
]

const compiled = routes
  .map((route) => ({ route, pattern: new RegExp(`^${route.path.replace(':id', '([^/]+)')}$`) }))
  .sort((one, other) => Number(one.route.path.includes(':id')) - Number(other.route.path.includes(':id')))

export function findRoute(method: string, path: string): { route: Route; id: string } | undefined {
  for (const { route, pattern } of compiled) {
    const match = route.method === method ? pattern.exec(path) : null
    if (match) return { route, id: decodeURIComponent(match[1] ?? '') }
  }
  return undefined
}
