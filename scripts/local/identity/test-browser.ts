import { createHash, randomBytes } from 'node:crypto'
import { localAudience, localClientId } from '../../../server/src/local/defaults.ts'
import type { RunningProvider } from './test-provider.ts'

type ProviderPlaces = Pick<RunningProvider, 'url' | 'siteOrigin'>

/** The parts of a browser that a sign-in needs: cookies, and redirects one at a time. */
export class TestBrowser {
  readonly #provider: ProviderPlaces
  readonly #cookies = new Map<string, string>()

  constructor(provider: ProviderPlaces) {
    this.#provider = provider
  }

  /** Returns the cookies that the provider has set and not removed. */
  cookies(): { name: string; value: string }[] {
    return [...this.#cookies].map(([name, value]) => ({ name, value }))
  }

  async fetch(address: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(new URL(address, this.#provider.url), {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', cookie, ...(init.headers as Record<string, string>) },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    return response
  }

  /** Follows redirects within the provider. Returns the last answer and the target of a redirect to another origin. */
  async follow(address: string, init: RequestInit = {}): Promise<{ response: Response; left: URL | null }> {
    let response = await this.fetch(address, init)
    for (;;) {
      const location = response.headers.get('location')
      if (location === null) return { response, left: null }
      const target = new URL(location, this.#provider.url)
      if (target.origin !== new URL(this.#provider.url).origin) return { response, left: target }
      response = await this.fetch(target.href)
    }
  }

  /** Begins a sign-in. Returns the path and the text of the sign-in page. */
  async openSignIn(extra: Record<string, string> = {}): Promise<{ path: string; page: string; verifier: string }> {
    const { address, verifier } = authorizeAddress(this.#provider, extra)
    const { response } = await this.follow(address)
    const page = await response.text()
    return { path: /action="([^"]+)"/.exec(page)?.[1] ?? '', page, verifier }
  }

  /** Chooses a name on a sign-in page. Returns the target of the redirect to the site. */
  async choose(path: string, fields: Record<string, string>): Promise<URL | null> {
    const { left } = await this.follow(path, { method: 'POST', body: new URLSearchParams(fields) })
    return left
  }

  async signIn(fields: Record<string, string>): Promise<{ code: string; verifier: string }> {
    const { path, verifier } = await this.openSignIn()
    const left = await this.choose(path, fields)
    return { code: left?.searchParams.get('code') ?? '', verifier }
  }

  /** Asks silently, as the SDK does in its iframe. Returns `code` or the error. */
  async askSilently(): Promise<string> {
    const extra = { prompt: 'none', response_mode: 'web_message' }
    const { response } = await this.follow(authorizeAddress(this.#provider, extra).address)
    const page = await response.text()
    return /"error":"(\w+)"/.exec(page)?.[1] ?? (/"code":"/.test(page) ? 'code' : page)
  }
}

export function authorizeAddress(provider: ProviderPlaces, extra: Record<string, string> = {}) {
  const verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    client_id: localClientId,
    response_type: 'code',
    redirect_uri: `${provider.siteOrigin}/callback/`,
    scope: 'openid profile email',
    audience: localAudience,
    state: 'a state',
    nonce: 'a nonce',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...extra,
  })
  return { address: `/authorize?${query.toString()}`, verifier }
}

/** Redeems a code at the token endpoint. */
export async function redeem(provider: RunningProvider, { code, verifier }: { code: string; verifier: string }) {
  const response = await fetch(new URL('/oauth/token', provider.url), {
    method: 'POST',
    headers: { origin: provider.siteOrigin },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: localClientId,
      redirect_uri: `${provider.siteOrigin}/callback/`,
      code,
      code_verifier: verifier,
    }),
  })
  return { response, body: (await response.json()) as { access_token: string; id_token: string; expires_in: number } }
}
