import type { BillingInterval, PlanOnSaleFragment } from '../../api/operations.ts'
import { useSession } from '../../auth/session.tsx'
import { intervalNoun, intervals, priceAt } from '../../membership/interval-words.ts'
import { useMembershipActions } from '../../membership/use-membership-actions.ts'
import { useViewer } from '../../membership/use-viewer.ts'
import { Button, Buttons } from '../../ui/controls/Button.tsx'
import { priceOf } from '../../ui/format/money.ts'
import { afterGift } from '../checkout-return/checkout-return-address.ts'
import { planReader } from './plan-situation.ts'
import * as css from './PlansScreen.module.css'

/** Sells gifts: a plan for somebody else, paid once. */
export function GiftSection({ plans }: { plans: readonly PlanOnSaleFragment[] }) {
  return (
    <section className={css.section} aria-labelledby="give">
      <h2 id="give">Give a gift</h2>
      <p>
        Pay once, for a month or a year. You get a code to pass on. The plan starts when the code is redeemed. It
        doesn’t renew.
      </p>
      <ul className={css.gifts}>
        {plans.map((plan) => (
          <li key={plan.slug}>
            <h3>{plan.name}</h3>
            <Buttons>
              {intervals.map((interval) => (
                <Give key={interval} plan={plan} interval={interval} />
              ))}
            </Buttons>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Give({ plan, interval }: { plan: PlanOnSaleFragment; interval: BillingInterval }) {
  const { status, signIn } = useSession()
  const reader = planReader(status, useViewer())
  const { give } = useMembershipActions()
  const price = priceAt(plan, interval)
  if (!price) return null
  const words = `${priceOf(price)} for ${intervalNoun(interval)}`
  const press = () =>
    reader.kind === 'anonymous'
      ? signIn({ back: { to: '/plans/#give', place: Math.round(window.scrollY) } })
      : give({ plan: plan.slug, interval }, afterGift)
  return (
    <>
      <span className="needs-script">
        <Button waiting={reader.kind === 'unknown' || reader.kind === 'disabled'} onPress={press}>
          <span className="for-ears">Give {plan.name}: </span>
          {words}
        </Button>
      </span>
      <noscript>
        <span>{words}</span>
      </noscript>
    </>
  )
}
