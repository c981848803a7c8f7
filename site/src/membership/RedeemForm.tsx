import { useState } from 'react'
import { Form } from '../ui/controls/Form.tsx'
import { dayOf } from '../ui/format/dates.ts'
import { useMembershipActions } from './use-membership-actions.ts'

/** Redeems the code of a gift. */
export function RedeemForm() {
  const { redeem } = useMembershipActions()
  const [code, setCode] = useState('')
  const [message, setMessage] = useState('')

  async function submit() {
    setMessage('')
    const membership = await redeem(code.trim())
    const until = membership?.currentPeriodEnd ? ` until ${dayOf(membership.currentPeriodEnd)}` : ''
    setMessage(membership ? `You now have ${membership.plan.name}${until}.` : 'Code redeemed.')
    setCode('')
  }

  return (
    <>
      <Form label="Gift code" value={code} onChange={setCode} onSubmit={submit}>
        Redeem
      </Form>
      <p role="status">{message}</p>
    </>
  )
}
