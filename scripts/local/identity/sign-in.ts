import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { nameLength, subjectOf, tidyName } from './accounts.ts'
import { addressOf, HttpError, readBody } from '../shared/http.ts'
import { sendPage } from './page.ts'
import { makeRoomFor } from './session.ts'
import type { IdentitySettings } from './settings.ts'
import { signInPage } from './sign-in-page.ts'
import type { Store } from './store.ts'

export interface SignInParts {
  readonly provider: Provider
  readonly settings: IdentitySettings
  readonly store: Store
}

/** The step of a sign-in that a person does: GET shows the page, POST takes the name, GET `/abort` leaves. */
export async function handleSignIn(
  parts: SignInParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { provider, settings, store } = parts
  const { pathname } = addressOf(request, settings.issuer)
  const interaction = await currentInteraction(provider, request, response)
  const path = `/sign-in/${interaction.uid}`
  if (pathname !== path && pathname !== `${path}/abort`) throw gone()

  if (pathname.endsWith('/abort')) {
    const result = { error: 'access_denied', error_description: 'The sign-in was left.' }
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  }
  // Only `prompt=consent` comes here; the site is the publication's own, so there is nothing to ask.
  if (interaction.prompt.name === 'consent') {
    return provider.interactionFinished(request, response, { consent: {} }, { mergeWithLastSubmission: true })
  }

  const hint = typeof interaction.params.login_hint === 'string' ? tidyName(interaction.params.login_hint) : ''
  const page = { path, hint, isSignUp: interaction.params.screen_hint === 'signup', formTargets: settings.siteOrigins }
  if (request.method !== 'POST') return sendPage(response, signInPage(page))

  const form = new URLSearchParams(await readBody(request))
  const persona = form.get('persona')
  const name = tidyName(persona ?? form.get('name') ?? '')
  if (name === '') {
    return sendPage(response, signInPage({ ...page, problem: `Type a name of 1 to ${nameLength} characters.` }))
  }
  const subject = subjectOf(name)
  store.rememberName(subject, name)
  const result = { login: { accountId: subject } }
  const next = await provider.interactionResult(request, response, result, { mergeWithLastSubmission: false })
  await makeRoomFor(subject, provider, request, response)
  response.writeHead(303, { location: next, 'content-length': '0' })
  response.end()
}

async function currentInteraction(provider: Provider, request: IncomingMessage, response: ServerResponse) {
  try {
    return await provider.interactionDetails(request, response)
  } catch {
    throw gone()
  }
}

const gone = (): HttpError =>
  new HttpError(
    400,
    'This sign-in is finished, has expired, or was started in another browser. Start again from the site.',
  )
