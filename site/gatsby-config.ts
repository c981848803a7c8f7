import type { GatsbyConfig } from 'gatsby'
import { site } from './src/env.ts'

/** Pages that are not for search engines. */
const unlisted = ['/account/', '/account/receipts/', '/callback/', '/desk/', '/ping/', '/unbuilt/']

const config: GatsbyConfig = {
  // gatsby-node reports an empty one, with the other missing settings.
  ...(site.url && { siteMetadata: { siteUrl: site.url } }),
  trailingSlash: 'always',
  jsxRuntime: 'automatic',
  plugins: [
    {
      resolve: 'gatsby-plugin-sitemap',
      options: { excludes: unlisted, serialize: ({ path }: { path: string }) => ({ url: path }) },
    },
  ],
}

export default config
