import type { Database } from '../../server/src/db/index.ts'
import { promote, retirePromotion, setArchived, setPlan } from '../../server/src/catalogue/index.ts'
import type { PlanRequest } from './arguments.ts'
import { planReport } from './report.ts'

const reminder = 'Run npm run billing:sync to update the payment provider. Until then nobody can buy at a new price.'

/**
 * Executes a request with the server's own commands.
 *
 * @returns a report of the new state
 * @throws BAD_USER_INPUT that says what to change
 */
export async function actOnPlans(db: Database, request: PlanRequest, now: Date): Promise<string> {
  const done = await act(db, request, now)
  const report = await planReport(db, now)
  return done === null ? report : `${done}\n${report}\n${reminder}`
}

async function act(db: Database, request: PlanRequest, now: Date): Promise<string | null> {
  switch (request.action) {
    case 'show':
      return null
    case 'set': {
      const { slug } = request.changes
      return (await setPlan(db, request.changes, now)) === 'created'
        ? `Created the plan ${slug}.`
        : `Changed the plan ${slug}.`
    }
    case 'archive':
    case 'restore': {
      const isArchived = request.action === 'archive'
      const changed = await setArchived(db, request.slug, isArchived, now)
      if (!changed) return isArchived ? 'The plan was already archived.' : 'The plan was already on sale.'
      return isArchived ? `Archived ${request.slug}. Members who hold it keep it.` : `${request.slug} is on sale again.`
    }
    case 'promote': {
      const what = await promote(db, request.promotion, now)
      return what === 'created'
        ? `Created the code ${request.promotion.code}.`
        : `Reactivated the code ${request.promotion.code}.`
    }
    case 'retire':
      await retirePromotion(db, request.code)
      return `Retired ${request.code}. Members who used it keep the discount.`
  }
}
