import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpProblem } from './problem.ts'

const notJson = 'The body is not JSON. Send JSON such as {"query":"{ plans { slug } }"}.'

/** Parses JSON bodies only. Apollo's CSRF prevention refuses requests with other content types. */
export function acceptContentTypes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    /^application\/(graphql-response\+)?json(\s*;|$)/i,
    { parseAs: 'string' },
    (_request, body, done) => {
      try {
        done(null, JSON.parse(body as string))
      } catch {
        done(new HttpProblem(400, 'BAD_REQUEST', notJson))
      }
    },
  )
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, _body, done) => done(null, undefined))
}

/** The step that refuses other character sets, compressed bodies, and a GET with another content type than JSON. */
export async function checkContentType({ headers, method }: FastifyRequest): Promise<void> {
  const type = headers['content-type']
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type ?? '')?.[1]
  const misread = charset !== undefined && !/^utf-?8$/i.test(charset)
  const compressed = !/^(identity)?$/i.test(headers['content-encoding'] ?? '')
  const onGet = method === 'GET' && type !== undefined && !/^application\/json\s*(;|$)/i.test(type)
  if (misread || compressed || onGet) {
    throw new HttpProblem(415, 'BAD_REQUEST', 'Send application/json in UTF-8, not compressed.')
  }
}

const acceptable = /(^|,)\s*(\*\/\*|application\/(\*|json|graphql-response\+json))\s*([;,]|$)/i

/**
 * Refuses a request whose Accept header excludes JSON. Apollo would refuse it too, but only after running the mutation.
 *
 * @throws HttpProblem 406
 */
export function checkAccept({ headers }: FastifyRequest): void {
  if (!headers.accept || acceptable.test(headers.accept)) return
  throw new HttpProblem(
    406,
    'BAD_REQUEST',
    'The Accept header must allow application/json or application/graphql-response+json.',
  )
}
