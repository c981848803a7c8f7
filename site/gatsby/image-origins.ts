import type { BuiltArticle } from './publication.ts'

/** An origin that is one word of a policy: to a URL a host may also have a semicolon in it, which ends a directive. */
const plainOrigin = /^https:\/\/[a-z0-9.-]+(:\d+)?$/

/** The value of `src` or `srcset` of an image, as the sanitiser writes it: in double quotes. */
const source = /<(?:img|source)\b[^>]*?\ssrc(?:set)?="([^"]*)"/gi

/**
 * Finds the https origins of the images that the built pages show, sorted. Those of locked text are not known to a build.
 */
export function imageOriginsOf(articles: readonly Pick<BuiltArticle, 'preview' | 'rest'>[]): string[] {
  const origins = articles
    .flatMap(({ preview, rest }) => [preview, rest ?? ''])
    .flatMap((html) => [...html.matchAll(source)].flatMap(([, value = '']) => value.split(/\s+|,(?=\s)/)))
    .flatMap((address) => (/^https:\/\//i.test(address) && URL.canParse(address) ? [new URL(address).origin] : []))
  return [...new Set(origins)].filter((origin) => plainOrigin.test(origin)).sort()
}
