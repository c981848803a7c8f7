import { text } from 'node:stream/consumers'
import { readScriptSettings, type ScriptSettings } from './env.ts'
import { subjectOf } from './local/identity/accounts.ts'
import { explain } from './token/explain.ts'
import { mintToken } from './local/identity/mint-token.ts'
import { identitySettings } from './local/identity/settings.ts'
import { ArgumentProblem, parseTokenArguments, type TokenRequest } from './token/arguments.ts'
import { personas } from './local/identity/personas.ts'

const width = Math.max(...personas.map(({ name }) => name.length)) + 2

const help = `Prints an access token for the API. Standard output contains only the token.

  npm run --silent token -- --as subscriber     a token for a persona, or for any other name
  npm run --silent token -- --program           for a program (client credentials)
  npm run --silent token -- --anonymous-session for one of Auth0's anonymous sessions
  npm run --silent token -- --explain -         checks the token on standard input and explains the result
  npm run --silent token -- --explain TOKEN     the same; TOKEN is stored in the history of the shell

One of these options creates a token that the server refuses:
  --expired  --wrong-audience  --wrong-issuer  --forged  --unsigned
--lifetime SECONDS sets the lifetime of the token.

Personas:
${personas.map(({ name, description }) => `  ${name.padEnd(width)}${description}`).join('\n')}
`

try {
  const request = parseTokenArguments(process.argv.slice(2))
  if (request.task === 'help') process.stdout.write(help)
  else if (request.task === 'mint') await print(request, readScriptSettings())
  else process.exitCode = await tell(request.token, readScriptSettings())
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error)
  console.error(error instanceof ArgumentProblem ? reason : `No token: ${reason.replace(/\s*\n\s*/g, ' ')}`)
  process.exitCode = 1
}

async function print(request: Extract<TokenRequest, { task: 'mint' }>, settings: ScriptSettings): Promise<void> {
  if (settings.production) throw new ArgumentProblem('Tokens cannot be created in production.')
  if (!settings.usesLocalIdentity) throw new ArgumentProblem(fromTheTenant(settings))
  const { tokenLifetimeSeconds, ...identity } = identitySettings(settings)
  const { holder, flaw, lifetimeSeconds = tokenLifetimeSeconds } = request
  const token = await mintToken({ ...identity, ...holder, lifetimeSeconds, ...(flaw && { flaw }) })
  const whom = 'as' in holder ? subjectOf(holder.as) : holder.kind
  console.error(`Access token for ${whom}${flaw ? ` (${flaw})` : ''}, ${lifetimeSeconds} seconds:`)
  process.stdout.write(`${token}\n`)
}

function fromTheTenant({ server, audience }: ScriptSettings): string {
  const fields = ['grant_type=client_credentials', 'client_id=…', 'client_secret=…', `audience=${audience}`]
  const address = new URL('oauth/token', server.auth.issuer)
  return (
    `Tokens come from your tenant (${server.auth.issuer}). Sign in on the site, or get a token for a program with ` +
    `curl ${address.href} ${fields.map((field) => `--data-urlencode '${field}'`).join(' ')}`
  )
}

/** Explains a token. @returns the exit code: 0 if it is accepted, 1 if it is refused */
async function tell(given: string | null, settings: ScriptSettings): Promise<number> {
  if (settings.production)
    throw new ArgumentProblem(
      'Tokens cannot be explained in production. Use NODE_ENV=development with the same AUTH0_ settings.',
    )
  if (given === null && process.stdin.isTTY) console.error('Paste the token, then Enter and Ctrl-D.')
  const token = given ?? (await text(process.stdin))
  if (token.trim() === '')
    throw new ArgumentProblem('There is no token on standard input. Pipe a token in, or give it after --explain.')
  const { accepted, text: answer } = await explain(token, settings)
  console.log(answer)
  return accepted ? 0 : 1
}
