import { staticHtml } from './static-page.ts'
import { Failed } from '../fallbacks/Failed.tsx'

/** The text of the page as it was built. After a change of pages there is none: then only the message. */
export function StaticMain() {
  return (
    <>
      <Static html={staticHtml('main')} />
      <Failed />
    </>
  )
}

/** The whole page as it was built; its links work as without JavaScript. */
export function StaticWhole() {
  const html = staticHtml('whole')
  return html === null ? <Failed /> : <Static html={html} />
}

const Static = ({ html }: { html: string | null }) =>
  html === null ? null : <div dangerouslySetInnerHTML={{ __html: html }} />
