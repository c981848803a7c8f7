import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpProblem } from './problem.ts'

/** JSON is read here; anything else is handed on unread, so that Apollo's guard against forged requests can refuse it. */
export function acceptContentTypes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    /^application\/(graphql-response\+)?json(\s*;|$)/i,
    { parseAs: 'string' },
    (_request, body, done) => {
      try {
        done(null, JSON.parse(body as string))
      } catch {
        done(
          new HttpProblem(
            400,
            'BAD_REQUEST',
            'The body is not JSON. Send JSON such as {"query":"{ plans { slug } }"}.',
          ),
        )
      }
    },
  )
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, _body, done) => done(null, undefined))
}

/** The step that refuses character sets we would misread, and a GET that claims to bring a body of its own kind. */
export async function checkContentType(request: FastifyRequest): Promise<void> {
  const type = request.headers['content-type']
  if (type === undefined) return
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1]
  const misread = charset !== undefined && !/^utf-?8$/i.test(charset)
  const onGet = request.method === 'GET' && !/^application\/json\s*(;|$)/i.test(type)
  if (misread || onGet) throw new HttpProblem(415, 'BAD_REQUEST', 'Send application/json in UTF-8.')
}
