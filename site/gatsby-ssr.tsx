import type { GatsbySSR } from 'gatsby'
import { renderToString } from 'react-dom/server'
import { linkedStyles, nameablePagePath, withoutStyleAttributes } from './gatsby/document.tsx'
import { Root } from './src/root.tsx'
import { markOf } from './src/auth/auth-client.ts'
import { site } from './src/env.ts'
import { beforePaint } from './src/lib/look.ts'
import textFont from '@fontsource-variable/literata/files/literata-latin-wght-normal.woff2'

export const wrapPageElement: GatsbySSR['wrapPageElement'] = ({ element }) => <Root>{element}</Root>

export const replaceRenderer: GatsbySSR['replaceRenderer'] = ({ bodyComponent, replaceBodyHTMLString }) => {
  replaceBodyHTMLString(withoutStyleAttributes(renderToString(bodyComponent)))
}

export const onRenderBody: GatsbySSR['onRenderBody'] = ({ setHtmlAttributes, setHeadComponents }) => {
  setHtmlAttributes({ lang: 'en' })
  setHeadComponents([
    <script key="before-paint" dangerouslySetInnerHTML={{ __html: beforePaint(markOf(site.auth.clientId)) }} />,
    <link key="text-font" rel="preload" as="font" type="font/woff2" href={textFont} crossOrigin="anonymous" />,
    <link key="icon" rel="icon" href="/icon.svg" type="image/svg+xml" />,
    <meta key="scheme" name="color-scheme" content="light dark" />,
  ])
}

export const onPreRenderHTML: GatsbySSR['onPreRenderHTML'] = (page) => {
  page.replaceHeadComponents(linkedStyles(page.getHeadComponents()))
  page.replacePostBodyComponents(nameablePagePath(page.getPostBodyComponents(), page.pathname))
}
