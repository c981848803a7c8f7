import { createHash } from 'node:crypto'

/** HTML that is safe to insert into a page. Only `safe` creates it. */
export interface Markup {
  readonly markup: string
}

type Part = string | number | Markup | null | readonly Markup[]

/** Template tag for HTML. Escapes every value except `Markup`, because names come from users. */
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

export interface HtmlPage {
  /** Default: 200. */
  readonly status?: number
  readonly title: string
  readonly body: Markup
  /**
   * Addresses that a form of the page may lead to by redirects, apart from its own origin. Browsers check them against the policy.
   * Null entries and values that are not addresses are ignored.
   */
  readonly formTargets?: readonly (string | null)[]
}

export interface RenderedPage {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/**
 * Renders a page without scripts and without external resources. Its policy allows the style by its digest and nothing else.
 *
 * @param style a style sheet of the double's own, which may not contain `</style`
 */
export function renderHtmlPage({ status = 200, title, body, formTargets = [] }: HtmlPage, style: string): RenderedPage {
  // The digest covers exactly the text between the tags, so there is no white space around it.
  const document = safe`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${{ markup: style }}</style>
</head>
<body>
${body}
</body>
</html>`
  const targets = formTargets.flatMap((target) =>
    target !== null && URL.canParse(target) ? new URL(target).origin : [],
  )
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': [
      "default-src 'none'",
      `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
      'img-src data:',
      `form-action ${["'self'", ...new Set(targets)].join(' ')}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  }
  return { status, headers, text: document.markup }
}
