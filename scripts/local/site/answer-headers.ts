import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { readAddress } from './address.ts'
import { headersFor, type HeaderBlock } from './rules/headers-file.ts'

/** The default of static hosts: caches store the answer, and validate it before each use. */
const defaultCaching = 'public, max-age=0, must-revalidate'

type Vary = string | number | readonly string[] | undefined

const isOfAFile = (status: number): boolean => status === 200 || status === 206 || status === 304

/**
 * Returns the headers of an answer, apart from those of its content: the values in `_headers` for the requested address.
 *
 * @param url  the target in the first line of the request; a malformed target gets the headers of the 404 page
 * @param vary the `Vary` of the answer
 */
export function answerHeaders(
  blocks: readonly HeaderBlock[],
  url: string,
  status: number,
  vary?: Vary,
): Record<string, string> {
  const address = readAddress(url)
  const said = headersFor(blocks, 'pathname' in address ? address.pathname : '/404.html')
  if (!isOfAFile(status)) {
    // During a rebuild a file may be missing for a moment. Caches must not store that answer for a year.
    said['cache-control'] = 'no-cache'
    delete said['content-type']
  }
  said['cache-control'] ??= defaultCaching
  return { ...said, vary: withEncoding(said.vary ?? vary) }
}

/** Adds `accept-encoding` also to uncompressed answers, because another request may get a compressed one. */
function withEncoding(vary: Vary): string {
  const names = [vary ?? []].flat().join(', ')
  if (/(^|[\s,])(accept-encoding|\*)($|[\s,])/i.test(names)) return names.toLowerCase()
  return names === '' ? 'accept-encoding' : `${names}, accept-encoding`
}

export const problemText = (status: number): string => `${STATUS_CODES[status] ?? 'Error'}.\n`

/** The statuses of errors of Node's parser. Every other error is a 400. */
const unreadable: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }

/** Answers bytes that are not a request, and closes the connection, because the beginning of the next request is unknown. */
export function answerUnreadable(
  blocks: readonly HeaderBlock[],
  error: Error & { code?: string },
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status = unreadable[error.code ?? ''] ?? 400
  const headers = {
    ...answerHeaders(blocks, '', status),
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(problemText(status).length),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${problemText(status)}`)
  socket.destroySoon()
}
