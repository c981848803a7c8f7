import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { safe, type Markup } from '../../identity/page.ts'
import { style } from './style.ts'

export { safe, type Markup }

const styleHash = createHash('sha256').update(style).digest('base64')

export interface Page {
  /** 200 unless said. */
  readonly status?: number
  readonly title: string
  readonly body: Markup
  /** For tables. */
  readonly wide?: boolean
  /** Addresses that a form of the page may lead to by redirects (browsers check those too), beside our own. */
  readonly formTargets?: readonly (string | null)[]
}

/** Where the browser goes next. */
export interface Redirect {
  readonly redirect: string
}

export type PageAnswer = Page | Redirect

/** A page that needs no script and nothing from elsewhere; 303 for a redirect, so that a reload does not send a form again. */
export function sendPage(response: ServerResponse, answer: PageAnswer): void {
  if ('redirect' in answer) {
    response.writeHead(303, { location: answer.redirect, 'cache-control': 'no-store' })
    return void response.end()
  }
  const { status = 200, title, body, wide = false, formTargets = [] } = answer
  // The policy allows the style by its digest: between its tags there is nothing but the text that was digested.
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
<p class="local">Local payment provider of this machine: no money moves.</p>
<main${wide ? safe` class="wide"` : null}>${body}</main>
</body>
</html>`
  const targets = formTargets
    .filter((one) => one !== null && URL.canParse(one))
    .map((one) => new URL(String(one)).origin)
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': [
      "default-src 'none'",
      `style-src 'sha256-${styleHash}'`,
      'img-src data:',
      `form-action ${["'self'", ...new Set(targets)].join(' ')}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  })
  response.end(document.markup)
}

/** A page that says what there is no more, or what went wrong, with a way on. */
export function noticePage(status: number, title: string, text: string, back: string | null | undefined): Page {
  return {
    status,
    title,
    body: safe`<h1>${title}</h1>
      <p>${text}</p>
      ${back ? safe`<p><a href="${back}">Back to the site</a></p>` : null}`,
  }
}

/** Tells of a problem to those who see and those who hear the page. */
export const problemLine = (problem: string | null | undefined): Markup | null =>
  problem ? safe`<p class="problem" id="problem" role="alert">${problem}</p>` : null

export const noticeLine = (text: string | null | undefined): Markup | null =>
  text ? safe`<p class="notice" role="status">${text}</p>` : null
