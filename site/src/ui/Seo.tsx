import { encodedPath } from '../addresses/addresses.ts'
import { site } from '../env.ts'

interface SeoProps {
  /** None: that of the publication. */
  readonly title?: string
  readonly description?: string
  readonly path: string
  readonly kind?: 'website' | 'article'
  readonly publishedAt?: string
  readonly author?: string
  /** One reader's own page, or nobody's: not for search engines. */
  readonly unlisted?: boolean
}

/** What a page says of itself to search engines and to whoever shares it. For Gatsby's Head. */
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
  // Verse has lines; what others show of a page is one.
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
 * The head of a page that does not know yet what it shows: it names the publication, and neither an address nor a content.
 *
 * @param title for the static page; in the browser the page itself says, once it is known
 */
export const NeutralSeo = ({ title }: { title?: string }) => (
  <>
    {title === undefined ? null : <title>{title}</title>}
    <meta property="og:site_name" content={site.name} />
  </>
)

/** The title of a page that was not built: React puts it where it belongs, and takes it away with the page. */
export function PageTitle({ children }: { children: string }) {
  return <title>{`${children} – ${site.name}`}</title>
}
