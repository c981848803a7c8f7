import { useEffect, useState } from 'react'
import type { BillingInterval, PlanOnSaleFragment, ProposedChangeFragment } from '../../api/operations.ts'
import { paidMembership } from '../../membership/holdings.ts'
import { intervalWords, priceAt } from '../../membership/interval-words.ts'
import { planChangeWords } from '../../membership/plan-change-words.ts'
import { useMembershipActions } from '../../membership/use-membership-actions.ts'
import { useViewer } from '../../membership/use-viewer.ts'
import { Button, Buttons } from '../../ui/controls/Button.tsx'
import { Dialog } from '../../ui/controls/Dialog.tsx'

interface ChangeDialogProps {
  readonly plan: PlanOnSaleFragment
  readonly interval: BillingInterval
  /** The address to which the payment provider returns. */
  readonly here: string
  readonly onClose: () => void
}

type Proposal =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly change: ProposedChangeFragment }
  /** The change is not possible now. */
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly words: string }

const loading: Proposal = { kind: 'loading' }

/** Shows the effects of a plan change before it is made. */
export function ChangeDialog({ plan, interval, here, onClose }: ChangeDialogProps) {
  const { change, openPortal } = useMembershipActions()
  const [wasRefused, setRefused] = useState(false)
  const { proposal, again } = useProposal(plan.slug, interval)
  const make = async () => {
    try {
      await change({ plan: plan.slug, interval })
    } catch (error) {
      setRefused(true)
      throw error
    }
    onClose()
  }
  return (
    <Dialog title={`Change to ${plan.name}, billed ${intervalWords(interval).adverb}?`} onClose={onClose}>
      <div aria-live="polite">
        <Words proposal={proposal} plan={plan} interval={interval} />
      </div>
      <div>
        <Buttons>
          {proposal.kind === 'loaded' ? (
            <Button look="main" onPress={make}>
              Change plan
            </Button>
          ) : null}
          {proposal.kind === 'failed' ? (
            <Button look="main" onPress={again}>
              Try again
            </Button>
          ) : null}
          <Button onPress={onClose}>Keep my plan</Button>
        </Buttons>
        {wasRefused ? (
          <Buttons>
            <Button onPress={() => openPortal('UPDATE_CARD', here)}>Update card</Button>
          </Buttons>
        ) : null}
      </div>
    </Dialog>
  )
}

function Words({ proposal, plan, interval }: { proposal: Proposal } & Pick<ChangeDialogProps, 'plan' | 'interval'>) {
  const { viewer } = useViewer()
  const from = viewer && paidMembership(viewer.memberships)?.plan
  switch (proposal.kind) {
    case 'loading':
      return <p>Calculating the price …</p>
    case 'failed':
      return <p>{proposal.words}</p>
    case 'none':
      return <p>This change isn’t possible right now. Reload this page to see your current plan.</p>
    case 'loaded': {
      const price = priceAt(plan, interval)
      return planChangeWords({ from: from ?? plan, change: proposal.change, price }).map((line) => (
        <p key={line}>{line}</p>
      ))
    }
  }
}

function useProposal(plan: string, interval: BillingInterval) {
  const { propose } = useMembershipActions()
  const [proposal, setProposal] = useState<Proposal>(loading)
  const [tries, setTries] = useState(0)
  useEffect(() => {
    let wanted = true
    propose({ plan, interval })
      .then(
        (change): Proposal => (change ? { kind: 'loaded', change } : { kind: 'none' }),
        (error: unknown): Proposal => ({
          kind: 'failed',
          words: error instanceof Error ? error.message : 'The price couldn’t be calculated.',
        }),
      )
      .then((found) => {
        if (wanted) setProposal(found)
      })
      .catch(() => undefined)
    return () => {
      wanted = false
    }
  }, [propose, plan, interval, tries])
  const again = () => {
    setProposal(loading)
    setTries(tries + 1)
  }
  return { proposal, again }
}
