import type { ReactElement, ReactNode } from 'react'

// The parts of each page's document that Gatsby makes in a way that a strict policy would refuse, made otherwise.

type Element = ReactElement<Record<string, unknown>>

/** The one script that knows its page, without the page in its text: so its digest is the same everywhere. */
export const pagePathScript = 'window.pagePath=document.currentScript.dataset.path'

/** Gatsby's own inline script that says which page this is has a digest per page; a policy for the whole site cannot name it. */
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

/** The style sheet as a file: inline it would need a digest, and would be sent again with each page. */
export function linkedStyles(components: readonly ReactNode[]): ReactNode[] {
  return components.map((component) => {
    if (!isElement(component) || component.type !== 'style') return component
    const href = component.props['data-href']
    return typeof href === 'string' ? <link key={href} rel="stylesheet" href={href} /> : component
  })
}

/** What Gatsby's frame has as style attributes stands in styles/base.css. */
export const withoutStyleAttributes = (html: string): string =>
  html
    .replace(/(<div[^>]*) style="[^"]*"([^>]*id="gatsby-(?:focus-wrapper|announcer)")/g, '$1$2')
    .replace(/(<div[^>]*id="gatsby-(?:focus-wrapper|announcer)"[^>]*) style="[^"]*"/g, '$1')

const isElement = (component: ReactNode): component is Element =>
  typeof component === 'object' && component !== null && 'props' in component
