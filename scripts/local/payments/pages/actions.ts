import { addIntervals } from '../billing/calendar.ts'
import { nextDue } from '../billing/due.ts'
import { closeDispute, openDispute, refundCharge } from '../billing/money-back.ts'
import type { ControlParts } from '../controls/controls.ts'
import { StripeProblem } from '../problem.ts'
import type { Provider } from '../state/provider.ts'
import { overviewPage } from './overview.ts'
import type { PageAnswer } from './page.ts'

/** Handles a button of the overview page. */
export async function submitAction(
  parts: ControlParts,
  token: string,
  action: string,
  form: URLSearchParams,
): Promise<PageAnswer> {
  const { provider, webhooks, move } = parts
  try {
    if (action === 'clock') await move({ to: targetOf(provider, form) })
    if (action === 'charge') provider.store.transact(() => onCharge(provider, form))
    if (action === 'webhooks') webhooks.pause(form.get('paused') === 'true')
    return { redirect: '/' }
  } catch (error) {
    if (!(error instanceof StripeProblem)) throw error
    return overviewPage(provider, token, null, error.message)
  }
}

const steps: Readonly<Record<string, string>> = { day: 'day', week: 'week', month: 'month' }

function targetOf(provider: Provider, form: URLSearchParams): string {
  const step = form.get('step') ?? ''
  const now = provider.clock.seconds()
  const interval = steps[step]
  if (interval) return iso(addIntervals(now, { interval, interval_count: 1 }, 1))
  if (step === 'due') return iso(Math.max(now, nextDue(provider)?.at ?? now) + 1)
  return `${form.get('to') ?? ''}Z`
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString()

function onCharge(provider: Provider, form: URLSearchParams): void {
  const charge = provider.store.get('charge', form.get('charge'))
  if (!charge) return
  const dispute = provider.store.all('dispute').find((one) => one.charge === charge.id)
  switch (form.get('do')) {
    case 'refund':
      return void refundCharge(provider, charge)
    case 'half':
      return void refundCharge(provider, charge, Math.ceil((charge.amount - charge.amount_refunded) / 2))
    case 'dispute':
      return void openDispute(provider, charge, 'fraudulent')
    case 'lose':
      return dispute && void closeDispute(provider, dispute, 'lost')
    case 'win':
      return dispute && void closeDispute(provider, dispute, 'won')
  }
}
