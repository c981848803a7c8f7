import type { ReactNode } from 'react'
import { ApiProvider } from '../api/ApiProvider.tsx'
import { NoSignInSession } from '../auth/no-sign-in-session.tsx'
import { SessionProvider } from '../auth/session.tsx'
import { CheckoutReturnProvider } from '../features/checkout-return/CheckoutReturnProvider.tsx'
import { LiveUpdates } from '../live/index.ts'
import { ChildrenFallback, part } from '../ui/part.tsx'
import { Layout } from './Layout.tsx'
import { StaticPage } from './static-html.tsx'

interface WrapperProps {
  readonly children: ReactNode
}

const Page = part<WrapperProps>(StaticPage)('page', Layout)
const Session = part<WrapperProps>(NoSignInSession)('session', SessionProvider)
const Client = part<WrapperProps>(ChildrenFallback)('client', ApiProvider)
const Changes = part<WrapperProps>(ChildrenFallback)('viewer-changes', LiveUpdates)
const CheckoutReturn = part<WrapperProps>(ChildrenFallback)('checkout-return', CheckoutReturnProvider)

/** Wraps every page, on the server and in the browser. If a provider fails, the page is still shown, without its data. */
export function Root({ children }: WrapperProps) {
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
