import type { GatsbyConfig } from 'gatsby'
import { site } from './src/env.ts'

/** Pages that are one reader's own, or nobody's. */
const unlisted = ['/account/', '/account/receipts/', '/callback/', '/desk/', '/ping/', '/unbuilt/']

const config: GatsbyConfig = {
  // An empty one is told by gatsby-node, with whatever else is missing.
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
