import type { FastifyReply } from 'fastify'
import { renderHtmlPage, safe, type HtmlPage, type RenderedPage } from '../../shared/html-page.ts'

const style = `
:root { color-scheme: light dark; --ground: #f7f2ea; --card: #fffdf9; --line: #d9cfc0; --ink: #2b2620; --soft: #665c50; --accent: #9a3b1f; --on-accent: #fff }
@media (prefers-color-scheme: dark) { :root { --ground: #1d1a17; --card: #27231f; --line: #4a433b; --ink: #f0e9df; --soft: #b8ac9d; --accent: #f0a184; --on-accent: #2b1209 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 32rem; margin: 0 auto; padding: 2.5rem 1rem 3rem }
h1 { margin: 0 0 .5rem; font: 600 1.75rem/1.2 Georgia, "Times New Roman", serif }
h2 { margin: 2rem 0 .5rem; font: 600 1.15rem/1.3 Georgia, "Times New Roman", serif }
p { margin: 0 0 1rem; color: var(--soft) }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 }
dt { font-weight: 600 }
dd { margin: 0; color: var(--soft) }
code { font-size: .9em; overflow-wrap: anywhere }
li { overflow-wrap: anywhere }
button, input { font: inherit; color: inherit; border: 1px solid var(--line); border-radius: .5rem; min-height: 2.75rem }
button { cursor: pointer; padding: .5rem 1rem }
button:hover { border-color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.persona { display: block; width: 100%; text-align: start; background: var(--card) }
.persona strong { display: block }
.persona span { color: var(--soft) }
.persona.hinted { border-color: var(--accent); border-width: 2px }
.row { display: flex; flex-wrap: wrap; gap: .5rem }
label { display: block; margin-bottom: .25rem }
input { flex: 1 1 12rem; min-width: 0; background: var(--card); padding: .5rem .75rem }
.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600 }
.problem { color: var(--accent); font-weight: 600 }
a { color: var(--accent) }
.leave { margin-top: 2rem }
`

/** Renders a page of the identity provider. */
export const renderPage = (page: HtmlPage): RenderedPage =>
  renderHtmlPage({ ...page, body: safe`<main>${page.body}</main>` }, style)

export function sendPage(reply: FastifyReply, page: HtmlPage): FastifyReply {
  const { status, headers, text } = renderPage(page)
  return reply.code(status).headers(headers).send(text)
}

/** Returns a page that explains a problem, with a link to the site. */
export function problemPage(status: number, text: string, siteOrigin: string | undefined): HtmlPage {
  return {
    status,
    title: 'This did not work',
    body: safe`<h1>This did not work</h1>
      <p>${text}</p>
      ${siteOrigin ? safe`<p><a href="${siteOrigin}/">Back to the site</a></p>` : null}`,
  }
}
