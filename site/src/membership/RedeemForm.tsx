import { useState } from 'react'
import { dayOf } from '../ui/dates.ts'
import { Form } from '../ui/Form.tsx'
import { useMembershipActions } from './use-membership-actions.ts'

/** Redeems the code of a gift. */
export function RedeemForm() {
  const { redeem } = useMembershipActions()
  const [code, write] = useState('')
  const [said, say] = useState('')

  async function submit() {
    say('')
    const membership = await redeem(code.trim())
    const until = membership?.currentPeriodEnd ? ` until ${dayOf(membership.currentPeriodEnd)}` : ''
    say(membership ? `You now have ${membership.plan.name}${until}.` : 'Code redeemed.')
    write('')
  }

  return (
    <>
      <Form label="Gift code" value={code} onChange={write} onSubmit={submit}>
        Redeem
      </Form>
      <p role="status">{said}</p>
    </>
  )
}
