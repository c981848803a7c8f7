import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import files from '@fastify/static'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { readAddress } from './address.ts'
import { answerHeaders, problemText } from './answer-headers.ts'
import { findAnswer } from './find-answer.ts'
import { findFile } from './find-file.ts'
import type { SiteRules } from './rules/site-rules.ts'
import type { Unbuilt, UnbuiltAnswer } from './unbuilt/unbuilt.ts'

/** Quality 5 takes as long as gzip, and its answers are a twelfth smaller than with quality 4. Quality 11 takes a hundred times as long. */
const brotliQuality = 5

const methods = ['GET', 'HEAD']

/**
 * Creates the app of the server, which does not listen yet.
 *
 * @param root      the real path of the served folder
 * @param unbuilt   answers for pages that were published after the build; without it, the rules alone answer, as on a static host
 * @param logStream the destination of the log; default: standard output
 */
export async function createSiteApp(
  root: string,
  rules: SiteRules,
  { unbuilt, logStream }: { unbuilt?: Unbuilt | undefined; logStream?: { write(line: string): void } } = {},
): Promise<FastifyInstance> {
  const http = Fastify({
    logger: { level: 'error', ...(logStream && { stream: logStream }) },
    // Only `readAddress` parses addresses. The router would parse them in its own way.
    rewriteUrl: () => '/',
  })

  // ── The steps of a request, in order ──────────────────────────────────────────────────────────────────────────
  http.addHook('onRequest', async (request, reply) => {
    await rules
      .refresh()
      .catch((error: unknown) =>
        request.log.error({ err: error }, 'the rules could not be reloaded; the previous rules stay in effect'),
      )
    if (!methods.includes(request.method)) return sendProblem(reply.header('allow', methods.join(', ')), 405)
  })
  http.addHook('onSend', async (request, reply) => {
    reply.headers(answerHeaders(rules.headers(), request.originalUrl, reply.statusCode, reply.getHeader('vary')))
    // Otherwise the empty body would be compressed and declared as such.
    return reply.statusCode === 304 ? null : undefined
  })
  http.setErrorHandler((error: FastifyError & { headers?: Record<string, string> }, request, reply) => {
    for (const name of ['accept-ranges', 'content-encoding', 'etag', 'last-modified']) reply.removeHeader(name)
    const status = error.statusCode ?? 500
    if (status >= 500) request.log.error({ err: error }, 'a response failed')
    // An answer with the status 416 states the length of the file.
    const range = error.headers?.['Content-Range']
    if (range !== undefined) reply.header('content-range', range)
    return sendProblem(reply, status >= 500 ? 500 : status)
  })
  // Also for a file that has just been deleted.
  http.setNotFoundHandler((_request, reply) => sendMissing(reply))
  await http.register(compress, {
    encodings: ['br', 'gzip'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality } },
    customTypes: /^text\/|[/+](json|xml|javascript)(;|$)/,
    globalDecompression: false,
  })
  await http.register(files, { root, serve: false, dotfiles: 'ignore', cacheControl: false })

  http.route({
    method: methods,
    url: '/',
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const address = readAddress(request.originalUrl)
      if ('status' in address) return sendProblem(reply, address.status)
      const answer = await findAnswer(root, rules.redirects(), address)
      if (answer.kind === 'file') {
        const known = answer.byRule && (await unbuilt?.look(address.pathname))
        return known ? sendUnbuilt(request, reply, known, answer.file) : reply.sendFile(answer.file)
      }
      if (answer.kind === 'redirect') return reply.code(answer.status).header('location', answer.location).send()
      return sendMissing(reply)
    },
  })

  /** Does not use `sendFile`, which would answer 304 to a browser that has the page. */
  async function sendMissing(reply: FastifyReply): Promise<FastifyReply> {
    const page = await findFile(root, '/404.html')
    if (page === null) return sendProblem(reply, 404)
    return reply
      .code(404)
      .type('text/html; charset=utf-8')
      .send(await readFile(path.join(root, page)))
  }

  /** @param fallback the file that the rules name for this address, without content of the article */
  async function sendUnbuilt(
    request: FastifyRequest,
    reply: FastifyReply,
    answer: UnbuiltAnswer,
    fallback: string,
  ): Promise<FastifyReply> {
    if (answer.kind === 'page') return reply.type(answer.type).send(answer.content)
    // Without data, Gatsby's router shows another page.
    const isData = fallback.endsWith('.json')
    if (answer.kind === 'missing') return isData ? reply.sendFile(fallback) : sendMissing(reply)
    if (answer.kind === 'members-only') return reply.header('x-robots-tag', 'noindex').sendFile(fallback)
    if (answer.fault) request.log.error({ err: answer.fault }, 'a page was not rendered')
    if (isData) return reply.sendFile(fallback)
    return reply
      .code(503)
      .header('retry-after', String(answer.retryAfterSeconds))
      .type('text/html; charset=utf-8')
      .send(await readFile(path.join(root, fallback)))
  }

  return http
}

function sendProblem(reply: FastifyReply, status: number): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(problemText(status))
}
