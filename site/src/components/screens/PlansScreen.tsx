import { useSession } from '../../auth/session.tsx'
import type { PlanOnSaleFragment } from '../../graphql/operations.ts'
import { useViewer } from '../../graphql/use-viewer.ts'
import { priceOf } from '../../lib/money.ts'
import { Button } from '../basics/Button.tsx'
import { Page } from '../basics/Page.tsx'
import * as css from './PlansScreen.module.css'

export function PlansScreen({ plans }: { plans: readonly PlanOnSaleFragment[] }) {
  const { status, signIn } = useSession()
  const { viewer } = useViewer()
  const held =
    viewer?.membership?.status === 'ACTIVE' || viewer?.membership?.status === 'TRIALING'
      ? viewer.membership.plan.slug
      : null
  return (
    <Page
      title="Plans"
      lead="An account is free and opens what is for every member. A plan opens the rest, and pays for the writing."
    >
      {plans.length === 0 ? <p>There is no plan on sale at the moment.</p> : null}
      <ul className={css.plans}>
        {plans.map((plan) => (
          <li key={plan.slug} className={`${css.plan} ${plan.slug === held ? css.held : ''}`}>
            <h2>{plan.name}</h2>
            {plan.slug === held ? <p className={css.mark}>Your plan</p> : null}
            <Prices plan={plan} />
            <p>{plan.description}</p>
            {plan.includes.length > 0 ? (
              <p className={css.includes}>Includes {plan.includes.map(({ name }) => name).join(', ')}.</p>
            ) : null}
          </li>
        ))}
      </ul>
      <section className={css.how} aria-labelledby="how">
        <h2 id="how">How to get one</h2>
        <p>
          Plans cannot be bought on this site yet: the publisher grants them. Sign in once, so that there is an account
          to grant it to, then tell the publisher the name on your account page.
        </p>
        {status === 'anonymous' ? (
          <div className="needs-script">
            <Button look="main" onPress={() => signIn({ create: true })}>
              Create an account
            </Button>
          </div>
        ) : null}
      </section>
    </Page>
  )
}

function Prices({ plan: { monthly, yearly } }: { plan: PlanOnSaleFragment }) {
  return (
    <p className={css.prices}>
      {monthly ? (
        <span>
          <strong>{priceOf(monthly)}</strong> a month
        </span>
      ) : null}
      {yearly ? (
        <span>
          {monthly ? 'or ' : ''}
          <strong>{priceOf(yearly)}</strong> a year
        </span>
      ) : null}
    </p>
  )
}
