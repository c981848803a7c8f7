/**
 * The settings of the build. No other file of the site reads the environment. The values are in the built pages, so none is a secret.
 * `npm start` and `npm run build` derive them from the server's settings.
 */
export const site = Object.freeze({
  name: 'Gatepost',
  tagline: 'Essays, criticism and detection, for those who like to read to the end.',
  /** Origin of the site, without a final slash. Canonical addresses begin with it. */
  url: (process.env.GATSBY_SITE_URL ?? '').replace(/\/+$/, ''),
  /** The GraphQL endpoint, for the build and for the browser. */
  apiUrl: process.env.GATSBY_API_URL ?? '',
  /** Hosts of images in addition to those that the built pages show. */
  imageHosts: (process.env.GATSBY_IMAGE_HOSTS ?? '').split(',').filter(Boolean),
  auth: Object.freeze({
    /** Host of the tenant, with a scheme for a provider on this machine. */
    domain: process.env.GATSBY_AUTH0_DOMAIN ?? '',
    clientId: process.env.GATSBY_AUTH0_CLIENT_ID ?? '',
    /** Audience of the access tokens. */
    audience: process.env.GATSBY_AUTH0_AUDIENCE ?? '',
  }),
})

/** Returns the names of the missing settings. */
export function missingSettings(): string[] {
  const values = {
    GATSBY_SITE_URL: site.url,
    GATSBY_API_URL: site.apiUrl,
    GATSBY_AUTH0_DOMAIN: site.auth.domain,
    GATSBY_AUTH0_CLIENT_ID: site.auth.clientId,
    GATSBY_AUTH0_AUDIENCE: site.auth.audience,
  }
  return Object.entries(values).flatMap(([name, value]) => (value === '' ? [name] : []))
}

/** Returns the origin of the identity provider. Scripts may send requests to it, and the page may show it in a frame. */
export const identityOrigin = (domain: string = site.auth.domain): string =>
  new URL(/^https?:\/\//.test(domain) ? domain : `https://${domain}`).origin
