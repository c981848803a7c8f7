import { parseArgs } from 'node:util'
import { flaws, type Flaw } from '../local/identity/mint-token.ts'

/** The task of `npm run token`. */
export type TokenRequest =
  | { readonly task: 'help' }
  /** A token that is null comes on standard input. */
  | { readonly task: 'explain'; readonly token: string | null }
  | {
      readonly task: 'mint'
      readonly holder: { readonly as: string } | { readonly kind: 'program' | 'anonymous-session' }
      readonly flaw?: Flaw
      readonly lifetimeSeconds?: number
    }

/** A mistake in the arguments, explained in one line. */
export class ArgumentProblem extends Error {
  override readonly name = 'ArgumentProblem'
}

const maxLifetimeSeconds = 31_536_000

/** @throws ArgumentProblem */
export function parseTokenArguments(args: readonly string[]): TokenRequest {
  const { values, positionals } = parse(args)
  if (values.help) return { task: 'help' }
  const chosen = flaws.filter((flaw) => values[flaw])
  if (values.explain) {
    const others = Object.keys(values).filter((name) => name !== 'explain')
    if (others.length > 0 || positionals.length > 1)
      throw new ArgumentProblem('--explain takes one token, or - for standard input.')
    const token = positionals[0] ?? '-'
    return { task: 'explain', token: token === '-' ? null : token }
  }
  if (positionals.length > 0) throw new ArgumentProblem('Give a name after --as, and a token after --explain.')
  if (chosen.length > 1)
    throw new ArgumentProblem(`Choose one of --${chosen.join(', --')}. Only one of these can be used at a time.`)
  return {
    task: 'mint',
    holder: holderOf(values),
    ...(chosen[0] && { flaw: chosen[0] }),
    ...(values.lifetime !== undefined && { lifetimeSeconds: parseLifetime(values.lifetime) }),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        as: { type: 'string' },
        program: { type: 'boolean' },
        'anonymous-session': { type: 'boolean' },
        lifetime: { type: 'string' },
        explain: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        expired: { type: 'boolean' },
        'wrong-audience': { type: 'boolean' },
        'wrong-issuer': { type: 'boolean' },
        forged: { type: 'boolean' },
        unsigned: { type: 'boolean' },
      },
    })
  } catch (error) {
    const [reason = ''] = String((error as { message?: unknown }).message).split(/\. |\n/)
    throw new ArgumentProblem(`${reason.replace(/\.$/, '')}. Try --help.`)
  }
}

function holderOf(values: { as?: string; program?: boolean; 'anonymous-session'?: boolean }) {
  const said = [values.as, values.program, values['anonymous-session']].filter((value) => value !== undefined)
  if (said.length !== 1) {
    throw new ArgumentProblem('Give one of --as NAME, --program and --anonymous-session.')
  }
  if (values.as !== undefined) {
    if (values.as.trim() === '') throw new ArgumentProblem('--as requires a name, such as --as subscriber.')
    return { as: values.as }
  }
  return { kind: values.program ? ('program' as const) : ('anonymous-session' as const) }
}

function parseLifetime(text: string): number {
  const seconds = /^\d{1,8}$/.test(text) ? Number(text) : 0
  if (seconds >= 1 && seconds <= maxLifetimeSeconds) return seconds
  throw new ArgumentProblem(`--lifetime must be a whole number of seconds from 1 to ${maxLifetimeSeconds}.`)
}
