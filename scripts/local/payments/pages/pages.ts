import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import { HttpError } from '../../shared/local-app.ts'
import { advanceTo } from '../billing/due.ts'
import type { ControlParts } from '../controls/controls.ts'
import { submitAction } from './actions.ts'
import { checkoutPage, submitCheckout } from './checkout-page.ts'
import type { Confirmations } from './confirmations.ts'
import { invoicePage, submitInvoice } from './invoice-page.ts'
import { overviewPage } from './overview.ts'
import { noticePage, sendPage } from './page.ts'
import { portalPage, submitPortal } from './portal-page.ts'

interface PageParts extends ControlParts {
  readonly confirmations: Confirmations
  /** The token of this process in the forms of the overview. */
  readonly token: string
}

interface Named {
  Params: { readonly id: string; readonly action: string }
}

/** Adds the pages that a browser shows. GET changes nothing. */
export function pageRoutes(app: FastifyInstance, parts: PageParts): void {
  const { provider, confirmations, token } = parts
  const nothing = () => noticePage(404, 'Nothing here', 'No page has this address.', '/')

  app.addHook('onRequest', async ({ method, headers }) => {
    // The ids in the addresses cannot be guessed. A page of another site that has one may still not post to it.
    if (method === 'POST' && headers['sec-fetch-site'] === 'cross-site')
      throw new HttpError(403, 'The form was not sent from this server.')
  })
  app.addHook('preHandler', async () => advanceTo(provider, provider.clock.now()))
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const { statusCode = 500, message } = error
    if (statusCode >= 500) console.error('Payment provider:', error)
    const text = statusCode < 500 ? message : 'The local payment provider failed. See its log in the terminal.'
    return sendPage(reply, noticePage(statusCode, 'This did not work', text, provider.settings.siteOrigins[0]))
  })
  app.setNotFoundHandler((_request, reply) => sendPage(reply, nothing()))

  app.get('/', (_request, reply) => sendPage(reply, overviewPage(provider, token, null, null)))
  app.post<Named>('/actions/:id/:action', async (request, reply) => {
    const { id, action } = request.params
    return sendPage(reply, id === token ? await submitAction(parts, token, action, formOf(request)) : nothing())
  })
  app.get<Named>('/c/pay/:id', ({ params }, reply) => sendPage(reply, checkoutPage(provider, params.id)))
  app.post<Named>('/c/pay/:id', (request, reply) =>
    sendPage(reply, submitCheckout(provider, confirmations, request.params.id, formOf(request))),
  )
  app.get<Named>('/p/session/:id', ({ params, query }, reply) =>
    sendPage(reply, portalPage(provider, params.id, new URLSearchParams(query as Record<string, string>))),
  )
  app.post<Named>('/p/session/:id/:action', (request, reply) => {
    const { id, action } = request.params
    return sendPage(reply, submitPortal(provider, confirmations, id, action, formOf(request)))
  })
  for (const address of ['/i/:id', '/i/:id/pdf'])
    app.get<Named>(address, ({ params }, reply) => sendPage(reply, invoicePage(provider, params.id)))
  app.post<Named>('/i/:id', (request, reply) =>
    sendPage(reply, submitInvoice(provider, confirmations, request.params.id, formOf(request))),
  )
  app.get<Named>('/confirm/:id', ({ params }, reply) => sendPage(reply, confirmations.page(params.id)))
  app.post<Named>('/confirm/:id', (request, reply) =>
    sendPage(reply, confirmations.answer(request.params.id, formOf(request))),
  )
}

const formOf = ({ body }: FastifyRequest): URLSearchParams => new URLSearchParams(typeof body === 'string' ? body : '')
