import { replaceAttributes } from '../src/features/article/text/html-tags.ts'
import type { BuiltArticle } from './publication.ts'

/** An origin that is safe in a policy. A URL's host may contain a semicolon, which would end a directive. */
const plainOrigin = /^https:\/\/[a-z0-9.-]+(:\d+)?$/

/** Returns the sorted https origins of the images in the built pages. The build does not know those of locked text. */
export function imageOriginsOf(articles: readonly Pick<BuiltArticle, 'preview' | 'rest'>[]): string[] {
  const origins = articles
    .flatMap(({ preview, rest }) => [preview, rest ?? ''])
    .flatMap(imageAddresses)
    .flatMap((address) => (/^https:\/\//i.test(address) && URL.canParse(address) ? [new URL(address).origin] : []))
  return [...new Set(origins)].filter((origin) => plainOrigin.test(origin)).sort()
}

/** Returns the addresses in `src` and `srcset` of the images in a piece of HTML. */
function imageAddresses(html: string): string[] {
  const addresses: string[] = []
  replaceAttributes(html, ({ tag, name, value, written }) => {
    const isImage = (tag === 'img' || tag === 'source') && (name === 'src' || name === 'srcset')
    if (isImage) addresses.push(...value.split(/\s+|,(?=\s)/))
    return written
  })
  return addresses
}
