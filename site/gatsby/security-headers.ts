import { createHash } from 'node:crypto'

/** Header names and values of one answer. */
export type Headers = Readonly<Record<string, string>>

/** Where the parts of a page may come from, as origins. */
export interface Origins {
  /** Of the GraphQL API. */
  readonly api: string
  /** Of the identity provider. */
  readonly identity: string
  /** Of images, beside those of this site and of the identity provider: https origins, also `https://*.example.org`. */
  readonly images: readonly string[]
}

/**
 * What every answer of the site says. The access token lives in the page's memory: a foreign script in the page could take it,
 * so only our own files run, and the few inline scripts that the build itself wrote, by their digests.
 *
 * @param inlineScripts their texts, as they stand between the tags
 */
export function securityHeaders({ api, identity, images }: Origins, inlineScripts: readonly string[]): Headers {
  const policy: Readonly<Record<string, readonly string[]>> = {
    'default-src': ["'none'"],
    'script-src': ["'self'", ...inlineScripts.map(digest)],
    'style-src': ["'self'"],
    'font-src': ["'self'"],
    // Only hosts that are shown: a planted image would tell its host who reads what.
    'img-src': ["'self'", identity, ...images],
    'connect-src': ["'self'", api, identity],
    // The silent sign-in is a frame of the identity provider's.
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
    // The callback's address has a code in it; no address of ours goes anywhere.
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  }
}

/**
 * The inline scripts of a built page. Only ask it of a page that holds nothing of an article: a script that slipped through the
 * sanitiser would otherwise be allowed by its own digest.
 */
export function inlineScriptsOf(html: string): string[] {
  const found = [...html.matchAll(/<script(?<attributes>[^>]*)>(?<text>[\s\S]*?)<\/script>/g)]
  return found.flatMap(({ groups }) => (/\ssrc=/.test(groups?.attributes ?? '') ? [] : [groups?.text ?? '']))
}

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** A file of headers as static hosts read it (Netlify, Cloudflare Pages): a pattern, and below it the headers. */
export function headersFile(blocks: readonly (readonly [pattern: string, headers: Headers])[]): string {
  return blocks
    .map(([pattern, headers]) =>
      [pattern, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)].join('\n'),
    )
    .join('\n\n')
    .concat('\n')
}
