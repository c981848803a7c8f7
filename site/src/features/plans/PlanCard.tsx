import { useState } from 'react'
import { accountPage, addressOfArticle } from '../../addresses/addresses.ts'
import { addressOfPlans, type PlansQuery } from '../../addresses/plans-address.ts'
import type { BillingInterval, PlanOnSaleFragment } from '../../api/operations.ts'
import { takeContinuation } from '../../auth/continuation.ts'
import { continuing } from '../../auth/return-address.ts'
import { useSession } from '../../auth/session.tsx'
import { useMembershipActions } from '../../membership/use-membership-actions.ts'
import { useViewer } from '../../membership/use-viewer.ts'
import { Button, LinkButton } from '../../ui/controls/Button.tsx'
import { ChangeDialog } from './ChangeDialog.tsx'
import { priceWords, soldInterval, trialLine } from './plan-card-words.ts'
import { planReader, planSituation, type PlanStep } from './plan-situation.ts'
import * as css from './PlanCard.module.css'

interface PlanCardProps {
  readonly plan: PlanOnSaleFragment
  readonly plans: readonly PlanOnSaleFragment[]
  /** The interval that the reader chose for all plans. */
  readonly interval: BillingInterval
  readonly query: PlansQuery
}

/** A plan with its price, and the button of the reader's next step. */
export function PlanCard({ plan, plans, interval: chosen, query }: PlanCardProps) {
  const { status } = useSession()
  const answer = useViewer()
  const reader = planReader(status, answer)
  const price = priceWords(plan, chosen)
  const interval = soldInterval(plan, chosen) ?? chosen
  const { step, label, mark, held } = planSituation({ plan, interval, reader, plans })
  // Only for a reader who can buy the plan. The line keeps its space when it is empty.
  const free =
    reader.kind === 'member' && step !== 'buy' ? null : trialLine(plan, answer.viewer?.trialAvailable ?? null)
  const isChosen = query.plan === plan.slug && (step === 'buy' || step === 'sign-in')
  const words = mark ?? (isChosen && step === 'buy' ? 'Your choice' : null)

  return (
    <li className={`${css.plan} ${held || isChosen ? css.marked : ''}`}>
      <p className={css.mark} role="status">
        {words ? (
          <span>
            <span className="for-ears">{plan.name}: </span>
            {words}
          </span>
        ) : null}
      </p>
      <h2>{plan.name}</h2>
      {price ? (
        <p className={css.price}>
          <span>
            <strong>{price.amount}</strong> {price.per}
          </span>
          <span className={css.note}>{price.note}</span>
        </p>
      ) : (
        <p className={css.note}>Not available right now</p>
      )}
      <p>{plan.description}</p>
      {plan.benefits.length > 0 ? (
        <ul className={css.benefits}>
          {plan.benefits.map((benefit) => (
            <li key={benefit}>{benefit}</li>
          ))}
        </ul>
      ) : null}
      {plan.includes.length > 0 ? (
        <p className={css.includes}>Includes {plan.includes.map(({ name }) => name).join(', ')}.</p>
      ) : null}
      <div className={css.foot}>
        {plan.trialDays > 0 ? <p className={css.free}>{free}</p> : null}
        {price ? (
          <div className={`needs-script ${css.step}`}>
            <Step
              step={step}
              label={label}
              plan={plan}
              interval={interval}
              from={query.from}
              continues={query.plan === plan.slug && interval === query.interval}
            />
          </div>
        ) : null}
      </div>
    </li>
  )
}

interface StepProps {
  readonly step: PlanStep
  readonly label: string
  readonly plan: PlanOnSaleFragment
  readonly interval: BillingInterval
  readonly from: string | undefined
  /** Whether the reader chose this plan and interval before signing in. */
  readonly continues: boolean
}

function Step({ step, label, plan, interval, from, continues }: StepProps) {
  const { signIn } = useSession()
  const { buy, keep, openPortal } = useMembershipActions()
  const [isDialogOpen, setDialogOpen] = useState(false)
  const choice = { plan: plan.slug, interval }
  const here = addressOfPlans({ ...choice, from })

  switch (step) {
    case 'wait':
      return (
        <Button look="main" waiting onPress={() => undefined}>
          {label}
        </Button>
      )
    case 'sign-in':
      return (
        <Button
          look="main"
          onPress={() => signIn({ back: continuing({ to: here, place: Math.round(window.scrollY) }) })}
        >
          {label}
        </Button>
      )
    case 'buy':
      // A reader who came from an article returns there.
      return (
        <Button
          look="main"
          pressesItself={continues ? takeContinuation : undefined}
          onPress={() => buy(choice, from === undefined ? here : addressOfArticle(from))}
        >
          {label}
        </Button>
      )
    case 'change':
      return (
        <>
          <Button pressesItself={continues ? takeContinuation : undefined} onPress={() => setDialogOpen(true)}>
            {label}
          </Button>
          {isDialogOpen ? (
            <ChangeDialog plan={plan} interval={interval} here={here} onClose={() => setDialogOpen(false)} />
          ) : null}
        </>
      )
    case 'keep':
      return (
        <Button look="main" onPress={keep}>
          {label}
        </Button>
      )
    case 'fix-payment':
      return (
        <span data-fixes-payment>
          <Button look="main" onPress={() => openPortal('UPDATE_CARD', here)}>
            {label}
          </Button>
        </span>
      )
    case 'account':
      return (
        <LinkButton to={accountPage} look="plain">
          {label}
        </LinkButton>
      )
    case 'none':
      return null
  }
}
