import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import { accessTokenClaims, programSubject, scopes } from './access-token.ts'
import { profileOf } from '../accounts.ts'
import { api, apiFeature } from './audience.ts'
import { clients } from './clients.ts'
import type { IdentityKeys } from './keys.ts'
import { problemPage, renderPage } from '../pages/page.ts'
import type { IdentitySettings } from '../settings.ts'
import type { Store } from './store.ts'

const daySeconds = 86_400

/** Creates oidc-provider with the configuration of an Auth0 tenant that has the site and one program as applications. */
export function createProvider(settings: IdentitySettings, keys: IdentityKeys, store: Store): Provider {
  const provider = new Provider(settings.issuer, configuration(settings, keys, store))
  provider.on('server_error', (_context, error) => console.error(`Identity provider: ${error.name}: ${error.message}`))
  return provider
}

function configuration(settings: IdentitySettings, keys: IdentityKeys, store: Store): Configuration {
  return {
    adapter: store.adapter,
    jwks: { keys: [keys.signing] },
    clients: clients(settings),
    // The paths of Auth0.
    routes: {
      authorization: '/authorize',
      token: '/oauth/token',
      userinfo: '/userinfo',
      jwks: '/.well-known/jwks.json',
    },
    cookies: {
      keys: [...keys.cookieSecrets],
      // All ports of localhost share their cookies. The names must differ from those of other programs.
      names: {
        session: 'gatepost_identity_session',
        interaction: 'gatepost_identity_interaction',
        resume: 'gatepost_identity_resume',
      },
      long: { httpOnly: true, sameSite: 'lax' },
      short: { httpOnly: true, sameSite: 'lax' },
    },
    responseTypes: ['code'],
    scopes: [...scopes],
    claims: {
      openid: ['sub'],
      profile: ['name', 'nickname', 'picture'],
      email: ['email', 'email_verified'],
    },
    // The ID tokens of Auth0 contain name, picture and email too.
    conformIdTokenClaims: false,
    clientAuthMethods: ['none', 'client_secret_post'],
    pkce: { required: () => true },
    clientBasedCORS: (_context, origin) => settings.siteOrigins.includes(origin),
    extraParams: ['audience', 'screen_hint'],
    interactions: { url: (_context, interaction) => `/sign-in/${interaction.uid}` },
    findAccount: (_context, subject) => ({
      accountId: subject,
      claims: () => ({ ...profileOf(subject, store.nameOf(subject), settings.issuer) }),
    }),
    loadExistingGrant: grantWithoutConsent,
    formats: {
      customizers: {
        jwt: (_context, token, parts) => {
          const isProgram = token.kind === 'ClientCredentials'
          const clientId = token.clientId ?? ''
          const subject = isProgram ? programSubject(clientId) : token.accountId
          const { jti, iat, exp } = parts.payload
          parts.header = { typ: 'JWT' }
          parts.payload = {
            ...accessTokenClaims(settings, { subject, clientId, scope: token.scope, isProgram }),
            iat,
            exp,
            jti,
          }
        },
      },
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      userinfo: { enabled: true },
      // The silent sign-in of the Auth0 SDK in an iframe.
      webMessageResponseMode: { enabled: true, ack: 'individual-draft-01' },
      resourceIndicators: apiFeature(settings),
      // Auth0's sign-out is /v2/logout.
      rpInitiatedLogout: { enabled: false },
    },
    renderError: (context, out) => {
      const text = [out.error, out.error_description].filter(Boolean).join(': ')
      const page = renderPage(problemPage(context.status, text, settings.siteOrigins[0]))
      context.set(page.headers)
      context.body = page.text
    },
    ttl: {
      AccessToken: settings.tokenLifetimeSeconds,
      ClientCredentials: settings.tokenLifetimeSeconds,
      IdToken: 10 * 3600,
      AuthorizationCode: 60,
      Interaction: 3600,
      Session: 14 * daySeconds,
      Grant: 14 * daySeconds,
    },
  }
}

/** Grants all scopes without a consent page: the site is the publication's own application. */
async function grantWithoutConsent(context: KoaContextWithOIDC) {
  const { client, session, provider } = context.oidc
  if (!client || !session?.accountId) return undefined
  const kept = session.grantIdFor(client.clientId)
  const grant = kept ? await provider.Grant.find(kept) : undefined
  if (grant && grant.accountId === session.accountId) return grant
  const fresh = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  fresh.addOIDCScope(scopes.join(' '))
  fresh.addResourceScope(api, scopes.join(' '))
  await fresh.save()
  return fresh
}
