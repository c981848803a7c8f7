/**
 * What the site is told when it is built: no other file of the site reads the environment. The values end up in the pages, so
 * none of them is a secret. `npm start` and `npm run build` derive them from the server's settings.
 */
export const site = Object.freeze({
  name: 'Gatepost',
  tagline: 'Essays, criticism and detection, for those who like to read to the end.',
  /** Origin of the site, without a final slash: canonical addresses begin with it. */
  url: (process.env.GATSBY_SITE_URL ?? '').replace(/\/+$/, ''),
  /** The GraphQL endpoint, for the build and for the browser. */
  apiUrl: process.env.GATSBY_API_URL ?? '',
  /** Hosts of images beyond those that the built pages show. */
  imageHosts: (process.env.GATSBY_IMAGE_HOSTS ?? '').split(',').filter(Boolean),
  auth: Object.freeze({
    /** Host of the tenant; with a scheme for a provider on this machine. */
    domain: process.env.GATSBY_AUTH0_DOMAIN ?? '',
    clientId: process.env.GATSBY_AUTH0_CLIENT_ID ?? '',
    /** The API that access tokens are asked for. */
    audience: process.env.GATSBY_AUTH0_AUDIENCE ?? '',
  }),
})

/** The names of what is missing. */
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

/** Where sign-in happens: scripts may talk to it, and frames may come from it. */
export const identityOrigin = (domain: string = site.auth.domain): string =>
  new URL(/^https?:\/\//.test(domain) ? domain : `https://${domain}`).origin
