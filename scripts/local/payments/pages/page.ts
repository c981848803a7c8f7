import type { FastifyReply } from 'fastify'
import { renderHtmlPage, safe, type HtmlPage, type Markup } from '../../shared/html-page.ts'
import { style } from './style.ts'

export { safe, type Markup }

export interface Page extends HtmlPage {
  /** For tables. */
  readonly wide?: boolean
}

/** An address that the browser opens next. */
export interface Redirect {
  readonly redirect: string
}

export type PageAnswer = Page | Redirect

/** Sends a page or a redirect. The status of a redirect is 303, so that a reload does not repeat the form. */
export function sendPage(reply: FastifyReply, answer: PageAnswer): FastifyReply {
  if ('redirect' in answer) return reply.header('cache-control', 'no-store').redirect(answer.redirect, 303)
  const body = safe`<p class="local">Local payment provider of this machine: no money moves.</p>
<main${answer.wide ? safe` class="wide"` : null}>${answer.body}</main>`
  const { status, headers, text } = renderHtmlPage({ ...answer, body }, style)
  return reply.code(status).headers(headers).send(text)
}

/** Returns a page that explains a missing page or a problem, with a link back. */
export function noticePage(status: number, title: string, text: string, back: string | null | undefined): Page {
  return {
    status,
    title,
    body: safe`<h1>${title}</h1>
      <p>${text}</p>
      ${back ? safe`<p><a href="${back}">Back to the site</a></p>` : null}`,
  }
}

/** Renders a problem, also for screen readers. */
export const problemLine = (problem: string | null | undefined): Markup | null =>
  problem ? safe`<p class="problem" id="problem" role="alert">${problem}</p>` : null

export const noticeLine = (text: string | null | undefined): Markup | null =>
  text ? safe`<p class="notice" role="status">${text}</p>` : null
