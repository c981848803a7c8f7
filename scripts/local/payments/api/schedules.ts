import { z } from 'zod'
import { addIntervals } from '../billing/calendar.ts'
import { endSchedule } from '../billing/subscriptions/end.ts'
import { itemOf } from '../billing/invoices/invoicing.ts'
import { enterPhase, phaseAt } from '../billing/subscriptions/schedules.ts'
import { makePhase, makeSchedule } from '../objects/subscription.ts'
import { refused } from '../problem.ts'
import type { Phase, Schedule } from '../state/resources.ts'
import { change, emitEvent, type Provider } from '../state/provider.ts'
import { find, need } from './lists.ts'
import { instant, integer, list, oneOf, prorationBehavior, text } from './parameters.ts'
import { route, type Route } from './route.ts'

const phaseShape = z.strictObject({
  items: list(z.strictObject({ price: text, quantity: integer.optional() })),
  start_date: instant.optional(),
  end_date: instant.optional(),
  duration: z.strictObject({ interval: oneOf('month', 'year'), interval_count: integer.optional() }).optional(),
  proration_behavior: prorationBehavior.optional(),
})
type GivenPhase = z.output<typeof phaseShape>

export const scheduleRoutes: readonly Route[] = [
  route('POST', 'subscription_schedules', { from_subscription: text }, ({ provider, params }) => {
    const subscription = need(provider, 'subscription', params.from_subscription, 'from_subscription')
    if (subscription.schedule) {
      throw refused(
        `You cannot migrate a subscription that is already attached to a schedule: ${subscription.schedule}`,
        'from_subscription',
      )
    }
    if (!['active', 'trialing', 'past_due'].includes(subscription.status)) {
      throw refused(`You cannot migrate a subscription that is ${subscription.status}.`, 'from_subscription')
    }
    const { price, quantity, current_period_start: start, current_period_end: end } = itemOf(subscription)
    const phase = makePhase({ price, quantity, start, end, prorationBehavior: 'create_prorations' })
    const made = makeSchedule(subscription, phase, provider.clock.seconds())
    // If the subscription was set to end with its period, the schedule cancels it then.
    const schedule = provider.store.put('subscription_schedule', {
      ...made,
      end_behavior: subscription.cancel_at_period_end ? 'cancel' : 'release',
    })
    emitEvent(provider, 'subscription_schedule.created', schedule)
    change(provider, 'subscription', subscription, { schedule: schedule.id }, 'customer.subscription.updated')
    return schedule
  }),
  route('GET', 'subscription_schedules/:id', {}, ({ provider, id }) => found(provider, id)),
  route(
    'POST',
    'subscription_schedules/:id',
    {
      phases: list(phaseShape),
      end_behavior: oneOf('release', 'cancel').optional(),
      proration_behavior: prorationBehavior.optional(),
    },
    ({ provider, params, id }) => {
      const schedule = active(found(provider, id), 'update')
      const phases = phasesOf(provider, schedule, params.phases)
      const now = provider.clock.seconds()
      const current = phaseAt({ ...schedule, phases }, now)
      if (!current) throw refused('The phases must include the current one.', 'phases')
      const subscription = provider.store.need('subscription', schedule.subscription)
      const behavior = params.proration_behavior ?? 'create_prorations'
      enterPhase(provider, subscription, { ...current, proration_behavior: behavior }, now)
      const changes = {
        phases,
        current_phase: { start_date: current.start_date, end_date: current.end_date },
        end_behavior: params.end_behavior ?? schedule.end_behavior,
      }
      return change(provider, 'subscription_schedule', schedule, changes, 'subscription_schedule.updated')
    },
  ),
  route('POST', 'subscription_schedules/:id/release', {}, ({ provider, id }) =>
    endSchedule(provider, active(found(provider, id), 'release'), 'released'),
  ),
]

const found = (provider: Provider, id: string): Schedule =>
  find(provider, 'subscription_schedule', id, 'subscription schedule')

function active(schedule: Schedule, verb: string): Schedule {
  if (schedule.status === 'active') return schedule
  throw refused(`You cannot ${verb} a subscription schedule that is currently in the \`${schedule.status}\` status.`)
}

/** Reads phases that follow one another without a gap. The first one begins where a phase of the schedule does. */
function phasesOf(provider: Provider, schedule: Schedule, given: readonly GivenPhase[]): Phase[] {
  const phases: Phase[] = []
  for (const [index, phase] of given.entries()) {
    const param = `phases[${index}]`
    const previousEnd = phases.at(-1)?.end_date
    const start = phase.start_date ?? previousEnd
    if (start === undefined) throw refused('The first phase needs a `start_date`.', `${param}[start_date]`)
    if (previousEnd !== undefined && start !== previousEnd)
      throw refused('A phase must begin where the one before it ends.', `${param}[start_date]`)
    if (index === 0 && !schedule.phases.some((one) => one.start_date === start)) {
      throw refused('You can not modify the start date of the current phase.', `${param}[start_date]`)
    }
    const [item, ...others] = phase.items
    if (!item || others.length > 0)
      throw refused('The local payment provider supports exactly one item.', `${param}[items]`)
    const price = need(provider, 'price', item.price, `${param}[items][0][price]`)
    if (!price.recurring) throw refused(`The price ${price.id} is not recurring.`, `${param}[items][0][price]`)
    const length = phase.duration
      ? { interval: phase.duration.interval, interval_count: phase.duration.interval_count ?? 1 }
      : price.recurring
    const end = phase.end_date ?? addIntervals(start, length, 1)
    if (end <= start) throw refused('A phase must end after it begins.', `${param}[end_date]`)
    const behavior = phase.proration_behavior ?? 'create_prorations'
    phases.push(makePhase({ price, quantity: item.quantity ?? 1, start, end, prorationBehavior: behavior }))
  }
  return phases
}
