import type { ScriptSettings } from '../env.ts'
import { personas } from '../local/identity/personas.ts'

/** Returns the text after a start: the addresses, and commands to try. */
export function banner(settings: ScriptSettings, withSite: boolean): string {
  const api = `http://localhost:${settings.apiPort}/graphql`
  const addresses: [string, string][] = [['The API', `${api}   (in a browser: Apollo Sandbox)`]]
  if (withSite) addresses.unshift(['The site', `http://localhost:${settings.sitePort}`])
  if (settings.usesLocalIdentity) addresses.push(['Identity provider', settings.server.auth.issuer])
  if (settings.usesLocalPayments) {
    addresses.push(['Payment provider', `http://localhost:${settings.paymentsPort}   (its clock, its test cards)`])
  }
  if (settings.usesLocalDatabase) addresses.push(['Database', settings.server.databaseUrl])
  const lines = ['', 'Gatepost is running. Ctrl-C stops it.', '', ...table(addresses)]
  if (settings.usesLocalIdentity) lines.push('', ...whoAndHow(api, withSite))
  if (withSite && settings.usesLocalIdentity && settings.usesLocalPayments) {
    const plans = `http://localhost:${settings.sitePort}/plans/`
    lines.push('', 'Or sign in under a name of your own and pay, with the card 4242 4242 4242 4242:', `  ${plans}`)
  }
  return `${lines.join('\n')}\n`
}

function whoAndHow(api: string, withSite: boolean): string[] {
  const ask = '{ viewer { subject membership { plan { name } status } } }'
  return [
    withSite ? 'Sign in on the site as:' : 'Sign in as:',
    ...table(personas.map(({ name, description }) => [name, description])),
    '',
    'Try, in another terminal:',
    `  curl -s ${api} -H 'content-type: application/json' \\`,
    '    -H "authorization: Bearer $(npm run --silent token -- --as subscriber 2>/dev/null)" \\',
    `    -d '{"query":"${ask}"}'`,
  ]
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([first]) => first.length)) + 2
  return rows.map(([first, second]) => `  ${first.padEnd(width)}${second}`)
}
