import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { readAddress } from './address.ts'
import { headersFor, type HeaderBlock } from './headers-file.ts'

/** What static hosts say where nothing else is said: keep it, and ask whether it is still this. */
const defaultCaching = 'public, max-age=0, must-revalidate'

type Vary = string | number | readonly string[] | undefined

const isOfAFile = (status: number): boolean => status === 200 || status === 206 || status === 304

/**
 * The headers of an answer beside those that its content has: what `_headers` says of the address that was asked for.
 *
 * @param url as it stands in the request's first line; what cannot be read is answered as the 404 page is
 * @param vary what the answer has of it
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
    // A file that is missing now, as in the middle of a rebuild, would be remembered as missing for a year.
    said['cache-control'] = 'no-cache'
    delete said['content-type']
  }
  said['cache-control'] ??= defaultCaching
  return { ...said, vary: withEncoding(said.vary ?? vary) }
}

/** Also where nothing is compressed: it might have been, for somebody else. */
function withEncoding(vary: Vary): string {
  const names = [vary ?? []].flat().join(', ')
  if (/(^|[\s,])(accept-encoding|\*)($|[\s,])/i.test(names)) return names.toLowerCase()
  return names === '' ? 'accept-encoding' : `${names}, accept-encoding`
}

export const problemText = (status: number): string => `${STATUS_CODES[status] ?? 'Error'}.\n`

/** Statuses of what Node's parser says; whatever else it says is a 400. */
const unreadable: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }

/** Answers bytes that never became a request. The connection ends: nobody can tell where the next one would begin. */
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
