import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'

/** HTML that is safe to put into a page. Only `safe` makes it. */
export interface Markup {
  readonly markup: string
}

type Part = string | number | Markup | null | readonly Markup[]

/** A template tag that escapes everything but markup of its own: names come from whoever types them. */
export function safe(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return { markup: strings.map((text, index) => text + render(parts[index] ?? null)).join('') }
}

function render(part: Part): string {
  if (part === null) return ''
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part))
  return 'markup' in part ? part.markup : part.map((one) => one.markup).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')

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

const styleHash = createHash('sha256').update(style).digest('base64')

export interface Page {
  /** 200 unless said. */
  readonly status?: number
  readonly title: string
  readonly body: Markup
  /** Origins that a form of the page may lead to by redirects (browsers check those too), beside our own. */
  readonly formTargets?: readonly string[]
}

/** A page that needs no script and nothing from elsewhere. */
export function renderPage(page: Page): { status: number; headers: Record<string, string>; text: string } {
  // The policy allows the style by its digest: between its tags there is nothing but the text that was digested.
  const document = safe`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${page.title}</title>
<link rel="icon" href="data:,">
<style>${{ markup: style }}</style>
</head>
<body>
<main>${page.body}</main>
</body>
</html>`
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': [
      "default-src 'none'",
      `style-src 'sha256-${styleHash}'`,
      'img-src data:',
      `form-action ${["'self'", ...(page.formTargets ?? [])].join(' ')}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  }
  return { status: page.status ?? 200, headers, text: document.markup }
}

export function sendPage(response: ServerResponse, page: Page): void {
  const { status, headers, text } = renderPage(page)
  response.writeHead(status, headers)
  response.end(text)
}

/** A page that says what went wrong, with the way back to the site. */
export function problemPage(status: number, text: string, siteOrigin: string | undefined): Page {
  return {
    status,
    title: 'This did not work',
    body: safe`<h1>This did not work</h1>
      <p>${text}</p>
      ${siteOrigin ? safe`<p><a href="${siteOrigin}/">Back to the site</a></p>` : null}`,
  }
}
