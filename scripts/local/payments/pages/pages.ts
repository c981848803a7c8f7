import type { IncomingMessage } from 'node:http'
import { HttpError, readBody } from '../../shared/http.ts'
import { advanceTo } from '../billing/due.ts'
import type { ControlParts } from '../controls/controls.ts'
import { submitAction } from './actions.ts'
import { checkoutPage, submitCheckout } from './checkout-page.ts'
import type { Confirmations } from './confirmations.ts'
import { invoicePage, submitInvoice } from './invoice-page.ts'
import { overviewPage } from './overview.ts'
import { noticePage, type PageAnswer } from './page.ts'
import { portalPage, submitPortal } from './portal-page.ts'

export interface PageParts extends ControlParts {
  readonly confirmations: Confirmations
  /** Of this process; the overview's forms carry it. */
  readonly token: string
}

/** What a browser sees. GET changes nothing. */
export async function answerPage(parts: PageParts, request: IncomingMessage, url: URL): Promise<PageAnswer> {
  const { provider, confirmations, token } = parts
  const [, first = '', second = '', third = '', fourth = ''] = url.pathname.split('/')
  const isPost = request.method === 'POST'
  if (!isPost && request.method !== 'GET' && request.method !== 'HEAD')
    throw new HttpError(405, 'Pages take GET and POST.')
  // The ids in the addresses cannot be guessed; a page elsewhere that got hold of one still may not post to it.
  if (isPost && request.headers['sec-fetch-site'] === 'cross-site')
    throw new HttpError(403, 'The form was not sent from this server.')
  const form = isPost ? new URLSearchParams(await readBody(request)) : null
  advanceTo(provider, provider.clock.now())
  switch (`${first}/${second}`) {
    case '/':
      return overviewPage(provider, token, null, null)
    case 'c/pay':
      return form ? submitCheckout(provider, confirmations, third, form) : checkoutPage(provider, third)
    case 'p/session':
      return form
        ? submitPortal(provider, confirmations, third, fourth, form)
        : portalPage(provider, third, url.searchParams)
  }
  if (first === 'i') return form ? submitInvoice(provider, confirmations, second, form) : invoicePage(provider, second)
  if (first === 'confirm') return form ? confirmations.answer(second, form) : confirmations.page(second)
  if (first === 'actions' && form && second === token) return submitAction(parts, token, third, form)
  return noticePage(404, 'Nothing here', 'No page has this address.', '/')
}
