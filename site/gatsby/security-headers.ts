import { createHash } from 'node:crypto'

/** Header names and values of one answer. */
export type Headers = Readonly<Record<string, string>>

/** The origins from which a page loads its parts. */
export interface Origins {
  /** Of the GraphQL API. */
  readonly api: string
  /** Of the identity provider. */
  readonly identity: string
  /** Of images, in addition to this site and the identity provider: https origins, also `https://*.example.org`. */
  readonly images: readonly string[]
}

/**
 * Returns the headers of every response of the site. A foreign script could read the access token from the page's memory, so the policy
 * allows only files of the site, and the inline scripts of the build by their digests.
 *
 * @param inlineScripts the text between their tags
 */
export function securityHeaders({ api, identity, images }: Origins, inlineScripts: readonly string[]): Headers {
  const policy: Readonly<Record<string, readonly string[]>> = {
    'default-src': ["'none'"],
    'script-src': ["'self'", ...inlineScripts.map(digest)],
    'style-src': ["'self'"],
    'font-src': ["'self'"],
    // Only hosts of shown images: a planted image would tell its host who reads which page.
    'img-src': ["'self'", identity, ...images],
    'connect-src': ["'self'", api, identity],
    // The silent sign-in uses a frame of the identity provider.
    'frame-src': [identity],
    'manifest-src': ["'self'"],
    'form-action': ["'self'"],
    'base-uri': ["'none'"],
    'object-src': ["'none'"],
    'frame-ancestors': ["'none'"],
  }
  return {
    'content-security-policy': Object.entries(policy)
      .map(([name, sources]) => [name, ...new Set(sources)].join(' '))
      .join('; '),
    // The address of the callback page contains a code.
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  }
}

/**
 * Returns the inline scripts of a built page. Pass only a page without article text: otherwise the policy would allow a script that
 * the sanitiser had missed.
 */
export function inlineScriptsOf(html: string): string[] {
  const found = [...html.matchAll(/<script(?<attributes>[^>]*)>(?<text>[\s\S]*?)<\/script>/g)]
  return found.flatMap(({ groups }) => (/\ssrc=/.test(groups?.attributes ?? '') ? [] : [groups?.text ?? '']))
}

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Returns a `_headers` file as static hosts (Netlify, Cloudflare Pages) read it. */
export function headersFile(blocks: readonly (readonly [pattern: string, headers: Headers])[]): string {
  return blocks
    .map(([pattern, headers]) =>
      [pattern, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)].join('\n'),
    )
    .join('\n\n')
    .concat('\n')
}
