import type { ReactNode } from 'react'
import { ApiProvider } from '../api/ApiProvider.tsx'
import { NoSignInSession } from '../auth/no-sign-in-session.tsx'
import { SessionProvider } from '../auth/session.tsx'
import { CheckoutReturnProvider } from '../features/checkout-return/CheckoutReturnProvider.tsx'
import { LiveUpdates } from '../live/index.ts'
import { ChildrenFallback, part } from '../ui/part.tsx'
import { Layout } from './Layout.tsx'
import { StaticPage } from './static-html.tsx'

interface Around {
  readonly children: ReactNode
}

const Page = part<Around>(StaticPage)('page', Layout)
const Session = part<Around>(NoSignInSession)('session', SessionProvider)
const Client = part<Around>(ChildrenFallback)('client', ApiProvider)
const Changes = part<Around>(ChildrenFallback)('viewer-changes', LiveUpdates)
const CheckoutReturn = part<Around>(ChildrenFallback)('checkout-return', CheckoutReturnProvider)

/** Wraps every page, on the server and in the browser. If a provider fails, the page stays, without what it provides. */
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
