import { encodedPath } from '../addresses/addresses.ts'
import { site } from '../env.ts'

interface SeoProps {
  /** Default: the name of the publication. */
  readonly title?: string
  readonly description?: string
  readonly path: string
  readonly kind?: 'website' | 'article'
  readonly publishedAt?: string
  readonly author?: string
  /** Not for search engines: a reader's own page, or one that does not exist. */
  readonly unlisted?: boolean
}

/** The metadata of a page for search engines and link previews. For Gatsby's Head. */
export function Seo({
  title,
  description = site.tagline,
  path,
  kind = 'website',
  publishedAt,
  author,
  unlisted,
}: SeoProps) {
  const full = title ? `${title} – ${site.name}` : `${site.name}: ${site.tagline}`
  const address = `${site.url}${encodedPath(path)}`
  // Verse has several lines, a description has one.
  const oneLine = description.replace(/\s*\n\s*/g, ' / ')
  return (
    <>
      <title>{full}</title>
      <meta name="description" content={oneLine} />
      {unlisted ? <meta name="robots" content="noindex" /> : <link rel="canonical" href={address} />}
      <meta property="og:site_name" content={site.name} />
      <meta property="og:type" content={kind} />
      <meta property="og:title" content={title ?? site.name} />
      <meta property="og:description" content={oneLine} />
      <meta property="og:url" content={address} />
      <meta property="og:image" content={`${site.url}/share.png`} />
      <meta property="og:image:width" content="1200" />
      <meta property="og:image:height" content="630" />
      <meta property="og:image:alt" content={`${site.name}: ${site.tagline}`} />
      <meta name="twitter:card" content="summary_large_image" />
      {publishedAt ? <meta property="article:published_time" content={publishedAt} /> : null}
      {author ? <meta name="author" content={author} /> : null}
    </>
  )
}

/**
 * The metadata of a page whose content is not known yet: the name of the publication, without an address.
 *
 * @param title of the static page; in the browser the page sets it when the content is known
 */
export const NeutralSeo = ({ title }: { title?: string }) => (
  <>
    {title === undefined ? null : <title>{title}</title>}
    <meta property="og:site_name" content={site.name} />
  </>
)

/** The title of a page that was not built. React moves it into the head, and removes it with the page. */
export function PageTitle({ children }: { children: string }) {
  return <title>{`${children} – ${site.name}`}</title>
}
