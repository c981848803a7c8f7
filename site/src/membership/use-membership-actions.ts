import { useMemo } from 'react'
import { codeOf } from '../api/errors.ts'
import { useApiClient, type ApiClient } from '../api/hooks.ts'
import {
  CancelMembershipDocument,
  ChangePlanDocument,
  KeepMembershipDocument,
  OpenBillingPortalDocument,
  PlanChangeDocument,
  RedeemGiftDocument,
  StartCheckoutDocument,
  StartGiftCheckoutDocument,
  type BillingInterval,
  type HeldMembershipFragment,
  type PortalTask,
  type ProposedChangeFragment,
} from '../api/operations.ts'
import { ProviderUnavailable, SessionEnded } from '../auth/session-errors.ts'
import { useLive, type Live } from '../live/index.ts'
import { redirectToProvider } from './payment-provider.ts'
import { redeemRefusal, refusalWords } from './refusal-words.ts'

export interface Choice {
  readonly plan: string
  readonly interval: BillingInterval
}

/** The actions of a member on their memberships. Each throws an Error with a message for the reader. */
interface MembershipActions {
  /** Redirects to the payment provider. @param returnTo a path of this site */
  readonly buy: (choice: Choice, returnTo: string) => Promise<void>
  readonly give: (choice: Choice, returnTo: string) => Promise<void>
  readonly openPortal: (task: PortalTask, returnTo: string) => Promise<void>
  /** Returns the effects of a plan change; null if the change is not possible now. */
  readonly propose: (choice: Choice) => Promise<ProposedChangeFragment | null>
  readonly change: (choice: Choice) => Promise<void>
  readonly cancel: () => Promise<void>
  readonly keep: () => Promise<void>
  readonly redeem: (code: string) => Promise<HeldMembershipFragment | null>
}

export function useMembershipActions(): MembershipActions {
  const client = useApiClient()
  const { changed } = useLive()
  return useMemo(() => actionsOf(client, changed), [client, changed])
}

function actionsOf(client: ApiClient, changed: Live['changed']): MembershipActions {
  /** Waits for a mutation and refreshes the page. */
  async function resultAndRefresh<Data>(
    mutation: Promise<Answer<Data>>,
    wordsOf: RefusalWords,
  ): Promise<Data | undefined> {
    const data = await resultOf(mutation, wordsOf)
    await changed()
    return data
  }
  /** @throws Error with a message for the reader */
  async function resultOf<Data>(mutation: Promise<Answer<Data>>, wordsOf: RefusalWords): Promise<Data | undefined> {
    const { data, error } = await mutation
    if (!error) return data
    // The mutation may have succeeded, and only the answer was lost.
    if (codeOf(error) === 'NO_ANSWER') void changed()
    throw readerError(error, wordsOf)
  }
  return {
    async buy(choice, returnTo) {
      const variables = { ...choice, returnTo }
      const data = await resultOf(
        client.mutate({ mutation: StartCheckoutDocument, variables }),
        refusal('The purchase didn’t go through.'),
      )
      await redirectToProvider(data?.startCheckout?.url)
    },
    async give(choice, returnTo) {
      const variables = { ...choice, returnTo }
      const mutation = client.mutate({ mutation: StartGiftCheckoutDocument, variables })
      const data = await resultOf(mutation, refusal('The purchase didn’t go through.'))
      await redirectToProvider(data?.startGiftCheckout?.url)
    },
    async openPortal(task, returnTo) {
      const mutation = client.mutate({ mutation: OpenBillingPortalDocument, variables: { task, returnTo } })
      const data = await resultOf(mutation, refusal('The billing page couldn’t be opened.'))
      await redirectToProvider(data?.openBillingPortal?.url)
    },
    async propose(variables) {
      const { data, error } = await client.query({ query: PlanChangeDocument, variables, fetchPolicy: 'no-cache' })
      if (error) throw readerError(error, refusal('The price of the change couldn’t be calculated.'))
      return data?.planChange ?? null
    },
    async change(choice) {
      const variables = { ...choice }
      await resultAndRefresh(
        client.mutate({ mutation: ChangePlanDocument, variables }),
        refusal('Your plan wasn’t changed.'),
      )
    },
    async cancel() {
      await resultAndRefresh(
        client.mutate({ mutation: CancelMembershipDocument }),
        refusal('Your plan wasn’t cancelled.'),
      )
    },
    async keep() {
      await resultAndRefresh(client.mutate({ mutation: KeepMembershipDocument }), refusal('Your plan wasn’t changed.'))
    },
    async redeem(code) {
      const data = await resultAndRefresh(
        client.mutate({ mutation: RedeemGiftDocument, variables: { code } }),
        redeemRefusal,
      )
      return data?.redeemGift ?? null
    },
  }
}

interface Answer<Data> {
  readonly data?: Data | undefined
  readonly error?: Error | undefined
}

type RefusalWords = (code: string, message: string) => string

const refusal =
  (undone: string): RefusalWords =>
  (code, message) =>
    refusalWords(code, message, undone)

/** Returns an error with a message for the reader. The messages of errors of the session are written for readers. */
function readerError(error: Error, wordsOf: RefusalWords): Error {
  if (error instanceof SessionEnded || error instanceof ProviderUnavailable) return error
  return new Error(wordsOf(codeOf(error), error.message))
}
