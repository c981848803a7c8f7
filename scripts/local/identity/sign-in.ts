import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type Provider from 'oidc-provider'
import { HttpError, readBodiesAsText } from '../shared/local-app.ts'
import { nameLength, subjectOf, tidyName } from './accounts.ts'
import { sendPage } from './pages/page.ts'
import { removeOtherAccount } from './oidc/session.ts'
import type { IdentitySettings } from './settings.ts'
import { signInPage } from './pages/sign-in-page.ts'
import type { Store } from './oidc/store.ts'

interface SignInParts {
  readonly provider: Provider
  readonly settings: IdentitySettings
  readonly store: Store
}

interface Named {
  Params: { readonly uid: string }
}

/** Returns a plugin with the steps of a sign-in: GET shows the page, POST takes the name, GET `/abort` cancels. */
export const signInRoutes =
  ({ provider, settings, store }: SignInParts) =>
  async (app: FastifyInstance): Promise<void> => {
    readBodiesAsText(app)

    app.get<Named>('/sign-in/:uid/abort', async (request, reply) => {
      await currentInteraction(request, reply)
      const result = { error: 'access_denied', error_description: 'The sign-in was cancelled.' }
      return reply.redirect(await resultOf(request, reply, result), 303)
    })

    app.route<Named>({
      method: ['GET', 'POST'],
      url: '/sign-in/:uid',
      handler: async (request, reply) => {
        const { uid, prompt, params } = await currentInteraction(request, reply)
        // Only `prompt=consent` leads here. The site is the publication's own application, so consent is given.
        if (prompt.name === 'consent') {
          return reply.redirect(await resultOf(request, reply, { consent: {} }, true), 303)
        }
        const page = {
          path: `/sign-in/${uid}`,
          hint: typeof params.login_hint === 'string' ? tidyName(params.login_hint) : '',
          isSignUp: params.screen_hint === 'signup',
          formTargets: settings.siteOrigins,
        }
        if (request.method !== 'POST') return sendPage(reply, signInPage(page))
        const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '')
        const name = tidyName(form.get('persona') ?? form.get('name') ?? '')
        if (name === '') {
          const problem = `Type a name of 1 to ${nameLength} characters.`
          return sendPage(reply, signInPage({ ...page, problem }))
        }
        const subject = subjectOf(name)
        store.rememberName(subject, name)
        const result = { login: { accountId: subject } }
        const next = await resultOf(request, reply, result)
        await removeOtherAccount(subject, provider, request.raw, reply.raw)
        return reply.redirect(next, 303)
      },
    })

    /** Saves the result of a sign-in. @returns the address at which the provider goes on */
    const resultOf = (
      request: FastifyRequest,
      reply: FastifyReply,
      result: Parameters<Provider['interactionResult']>[2],
      mergeWithLastSubmission = false,
    ): Promise<string> => provider.interactionResult(request.raw, reply.raw, result, { mergeWithLastSubmission })

    async function currentInteraction(request: FastifyRequest<Named>, reply: FastifyReply) {
      const interaction = await provider.interactionDetails(request.raw, reply.raw).catch(() => null)
      if (interaction?.uid === request.params.uid) return interaction
      throw new HttpError(
        400,
        'This sign-in is finished, has expired, or was started in another browser. Start again from the site.',
      )
    }
  }
