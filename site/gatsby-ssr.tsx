import type { GatsbySSR } from 'gatsby'
import { renderToString } from 'react-dom/server'
import { linkedStyles, nameablePagePath, withoutStyleAttributes } from './gatsby/document.tsx'
import { Root } from './src/app/Root.tsx'
import { markOf } from './src/auth/auth-client.ts'
import { site } from './src/env.ts'
import { beforePaint } from './src/ui/preferences.ts'
import { unbuiltPage } from './src/addresses/addresses.ts'
import italicFont from '@fontsource-variable/literata/files/literata-latin-wght-italic.woff2'
import textFont from '@fontsource-variable/literata/files/literata-latin-wght-normal.woff2'

export const wrapPageElement: GatsbySSR['wrapPageElement'] = ({ element }) => <Root>{element}</Root>

export const replaceRenderer: GatsbySSR['replaceRenderer'] = ({ bodyComponent, replaceBodyHTMLString }) => {
  replaceBodyHTMLString(withoutStyleAttributes(renderToString(bodyComponent)))
}

export const onRenderBody: GatsbySSR['onRenderBody'] = ({ setHtmlAttributes, setHeadComponents, pathname }) => {
  // `/unbuilt/` is marked without the script that marks other addresses.
  setHtmlAttributes({ lang: 'en', ...(pathname === unbuiltPage && { 'data-unbuilt': '' }) })
  setHeadComponents([
    <script key="before-paint" dangerouslySetInnerHTML={{ __html: beforePaint(markOf(site.auth.clientId)) }} />,
    ...[textFont, italicFont].map((font) => (
      <link key={font} rel="preload" as="font" type="font/woff2" href={font} crossOrigin="anonymous" />
    )),
    <link key="icon" rel="icon" href="/icon.svg" type="image/svg+xml" />,
    <meta key="scheme" name="color-scheme" content="light dark" />,
  ])
}

/** The router shows a page at another address only if it takes it for the 404 page. */
const routedAs = (pathname: string): string => (pathname === unbuiltPage ? '/404.html' : pathname)

export const onPreRenderHTML: GatsbySSR['onPreRenderHTML'] = (page) => {
  page.replaceHeadComponents(linkedStyles(page.getHeadComponents()))
  page.replacePostBodyComponents(nameablePagePath(page.getPostBodyComponents(), routedAs(page.pathname)))
}
