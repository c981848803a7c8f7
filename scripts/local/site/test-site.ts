import { once } from 'node:events'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import http, { type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '../../../server/test/support/free-ports.mjs'
import { startSiteServer, type SiteServer } from './server.ts'

const secret = 'this file is not of the site'
/** Returns a page that is long enough to be compressed. */
export const longText = (title: string): string =>
  `<!doctype html><title>${title}</title>${'<p>Text.</p>'.repeat(400)}\n`

const headers = `# Of every answer
/*
  Content-Security-Policy: default-src 'none'
  X-Content-Type-Options: nosniff

/static/*
  Cache-Control: public, max-age=31536000, immutable
`

/** The output of a build, beside a file that must not be served. */
const siteFiles: Readonly<Record<string, string>> = {
  'secret.txt': secret,
  'public/index.html': longText('home'),
  'public/404.html': longText('nothing here'),
  'public/articles/index.html': longText('any article'),
  'public/articles/built/index.html': longText('built'),
  'public/empty/note.txt': 'short',
  'public/static/app.js': `${'const a = 1;'.repeat(400)}\n`,
  'public/static/numbers.txt': '0123456789',
  'public/static/picture.png': 'x'.repeat(4_000),
  'public/.env': secret,
  'public/.well-known/file.txt': secret,
  'public/_headers': headers,
  'public/_redirects':
    '/articles/*  /articles/index.html  200\n/old/*  /articles/:splat  301\n/go/*  /:splat  302\n/show/*/  /:splat  200\n',
}

export interface TestSite {
  readonly folder: string
  readonly write: (file: string, content: string) => Promise<void>
  readonly remove: () => Promise<void>
}

export async function makeTestSite(): Promise<TestSite> {
  const home = await realpath(await mkdtemp(path.join(tmpdir(), 'gatepost-site-')))
  const folder = path.join(home, 'public')
  const write = async (file: string, content: string) => {
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, content)
  }
  for (const [name, content] of Object.entries(siteFiles)) await write(path.join(home, name), content)
  await symlink(path.join(home, 'secret.txt'), path.join(folder, 'link.txt'))
  await symlink(home, path.join(folder, 'linked'))
  return {
    folder,
    write: (file, content) => write(path.join(folder, file), content),
    remove: () => rm(home, { recursive: true }),
  }
}

interface TestAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface RunningSite extends SiteServer {
  readonly port: number
  /** Sends a request with the path unchanged. `fetch` would normalise it. */
  readonly ask: (path: string, headers?: Record<string, string>, method?: string) => Promise<TestAnswer>
  /** Sends bytes and returns the whole answer. */
  readonly sendBytes: (bytes: string) => Promise<string>
}

export async function runTestSite(folder: string): Promise<RunningSite> {
  const port = await freePort()
  const server = await startSiteServer({ folder, port })
  return {
    ...server,
    port,
    async ask(askedPath, headers = {}, method = 'GET') {
      const request = http.request({ host: '127.0.0.1', port, method, headers, path: askedPath, agent: false }).end()
      const [response] = (await once(request, 'response')) as [http.IncomingMessage]
      const body = Buffer.concat((await response.toArray()) as Buffer[])
      return { status: response.statusCode ?? 0, headers: response.headers, body }
    },
    async sendBytes(bytes) {
      const socket = connect({ host: '127.0.0.1', port })
      socket.end(bytes)
      return Buffer.concat((await socket.toArray()) as Buffer[]).toString()
    },
  }
}
