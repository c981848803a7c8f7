import type { ReactElement, ReactNode } from 'react'

// Replaces the parts of Gatsby's documents that a strict Content-Security-Policy would refuse.

type Element = ReactElement<Record<string, unknown>>

/** The script that sets the page's path. It reads the path from an attribute, so its digest is the same in all pages. */
export const pagePathScript = 'window.pagePath=document.currentScript.dataset.path'

/** Replaces Gatsby's inline script with the path of the page, whose digest differs in each page. */
export function nameablePagePath(components: readonly ReactNode[], pathname: string): ReactNode[] {
  return components.map((component) =>
    isElement(component) && component.props.id === 'gatsby-script-loader' ? (
      <script
        key="script-loader"
        id="gatsby-script-loader"
        data-path={pathname}
        dangerouslySetInnerHTML={{ __html: pagePathScript }}
      />
    ) : (
      component
    ),
  )
}

/** Links the style sheet as a file. Inline it would need a digest, and would be sent with each page. */
export function linkedStyles(components: readonly ReactNode[]): ReactNode[] {
  return components.map((component) => {
    if (!isElement(component) || component.type !== 'style') return component
    const href = component.props['data-href']
    return typeof href === 'string' ? <link key={href} rel="stylesheet" href={href} /> : component
  })
}

/** Removes the style attributes of Gatsby's wrapper. styles/base.css has their rules. */
export const withoutStyleAttributes = (html: string): string =>
  html
    .replace(/(<div[^>]*) style="[^"]*"([^>]*id="gatsby-(?:focus-wrapper|announcer)")/g, '$1$2')
    .replace(/(<div[^>]*id="gatsby-(?:focus-wrapper|announcer)"[^>]*) style="[^"]*"/g, '$1')

const isElement = (component: ReactNode): component is Element =>
  typeof component === 'object' && component !== null && 'props' in component
