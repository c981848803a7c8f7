import { Link } from 'gatsby'
import { plansPage } from '../../addresses/addresses.ts'
import type { BoughtGiftFragment } from '../../api/operations.ts'
import { isRedeemable } from '../../membership/holdings.ts'
import { RedeemForm } from '../../membership/RedeemForm.tsx'
import { CopyCode } from './CopyCode.tsx'
import { giftLine } from './payments/billing-words.ts'
import * as css from './AccountScreen.module.css'

export interface GiftsPartProps {
  readonly gifts: readonly BoughtGiftFragment[]
}

/** The gifts that the reader bought, with their codes, and a form that redeems a code. */
export function GiftsPart({ gifts }: GiftsPartProps) {
  return (
    <>
      {gifts.length > 0 ? (
        <ul className={css.memberships} aria-live="polite">
          {gifts.map((gift) => (
            <li key={gift.id}>
              <strong>{gift.plan.name}</strong>
              <span>{giftLine(gift)}</span>
              {isRedeemable(gift) ? <CopyCode code={gift.code} label={`the code for ${gift.plan.name}`} /> : null}
            </li>
          ))}
        </ul>
      ) : (
        <p>
          No gifts yet. <Link to={`${plansPage}#give`}>Give a plan</Link>
        </p>
      )}
      <h3>Redeem a code</h3>
      <RedeemForm />
    </>
  )
}
