import type { ReactNode } from 'react'
import { NobodySession } from '../auth/nobody-session.tsx'
import { SessionProvider } from '../auth/session.tsx'
import { Inside, part } from '../ui/part.tsx'
import { Layout } from './Layout.tsx'
import { StaticWhole } from './StaticFallback.tsx'
import { CheckoutReturnProvider } from '../features/checkout-return/checkout-return.tsx'
import { PersonClient } from '../api/person-client.tsx'
import { LiveUpdates } from '../live/index.ts'

interface Around {
  readonly children: ReactNode
}

const Page = part<Around>(StaticWhole)('page', Layout)
const Session = part<Around>(NobodySession)('session', SessionProvider)
const Client = part<Around>(Inside)('client', PersonClient)
const Changes = part<Around>(Inside)('viewer-changes', LiveUpdates)
const CheckoutReturn = part<Around>(Inside)('checkout-return', CheckoutReturnProvider)

/** What is around every page, on the server and in the browser. A provider that fails leaves the page without what it gives. */
export function Root({ children }: Around) {
  return (
    <Session>
      <Client>
        <Changes>
          <CheckoutReturn>
            <Page>{children}</Page>
          </CheckoutReturn>
        </Changes>
      </Client>
    </Session>
  )
}
