import { personas } from '../personas.ts'
import { safe, type HtmlPage } from '../../shared/html-page.ts'
import type { IdentitySettings } from '../settings.ts'

/** Renders the first page: what this server is, who can sign in, and the addresses. */
export function homePage({ issuer, siteOrigins }: IdentitySettings): HtmlPage {
  const endpoint = (path: string) => new URL(path, issuer).href
  const endpoints: readonly (readonly [string, string])[] = [
    ['Metadata', endpoint('.well-known/openid-configuration')],
    ['Signing keys', endpoint('.well-known/jwks.json')],
  ]
  return {
    title: 'Local identity provider – Gatepost',
    body: safe`<h1>Local identity provider</h1>
      <p>
        This server replaces Auth0 on this machine. It has Auth0’s paths and tokens with real signatures, but no passwords.
        It sends no data to other machines. In production, set <code>AUTH0_DOMAIN</code> to your tenant.
      </p>
      <p><a href="${siteOrigins[0] ?? ''}/">Open the site and sign in there</a></p>
      <h2>Who can sign in</h2>
      <p>These personas, and new members under any other name.</p>
      <dl>
        ${personas.map(({ name, description }) => safe`<dt>${name}</dt><dd>${description}</dd>`)}
      </dl>
      <h2>Endpoints</h2>
      <ul>
        ${endpoints.map(([name, url]) => safe`<li>${name}: <a href="${url}">${url}</a></li>`)}
      </ul>
      <p>
        For a token in a terminal, run <code>npm run --silent token -- --as subscriber</code>.
      </p>`,
  }
}
