import { parseArgs } from 'node:util'
import { readInstant } from '../read-instant.ts'
import { ScriptError } from '../run-script.ts'

export const memberHelp = `Shows and changes the memberships and the account of a member, for any subject of your issuer.

  npm run member -- grant   --sub 'auth0|x' --plan patron [--until 2027-01-01]
  npm run member -- revoke  --sub 'auth0|x' [--plan patron]
  npm run member -- disable --sub 'auth0|x' [--because 'shares the password']
  npm run member -- enable  --sub 'auth0|x'
  npm run member -- show    --sub 'auth0|x'

  --sub      the member's "sub" claim. Quote it, because | has a meaning in the shell
  --plan     the plan's slug; revoke without it ends all memberships
  --until    end of the grant: the start of a day in UTC, or an instant such as 2027-01-01T12:00:00Z; default: no end
  --because  reason, recorded in the history
  --issuer   issuer of the subject; default: the issuer of your settings

grant gives a plan without payment, also to a subject that never signed in. A repeated grant replaces the end. revoke does not end paid
memberships: cancel them at the payment provider. Changes apply from the next query on, without a new sign-in.
`

const memberActions = ['grant', 'revoke', 'disable', 'enable', 'show'] as const
type MemberAction = (typeof memberActions)[number]

export interface MemberRequest {
  readonly action: MemberAction
  readonly subject: string
  readonly issuer: string
  readonly plan: string | undefined
  /** Null: no end. */
  readonly until: Date | null
  /** For the history. */
  readonly cause: string
}

const options = {
  sub: { type: 'string' },
  plan: { type: 'string' },
  until: { type: 'string' },
  because: { type: 'string' },
  issuer: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** The flags of each action, in addition to those of all actions. */
const flagsOf: Record<MemberAction, readonly string[]> = {
  grant: ['plan', 'until', 'because'],
  revoke: ['plan', 'because'],
  disable: ['because'],
  enable: ['because'],
  show: [],
}

const seeHelp = 'See npm run member -- --help.'

/**
 * Parses the arguments.
 *
 * @param defaultIssuer the issuer of the settings
 * @param now           business time; a grant must end later
 * @returns null if help was requested
 * @throws ScriptError that says what to change
 */
export function parseMemberArguments(args: readonly string[], defaultIssuer: string, now: Date): MemberRequest | null {
  const { values, positionals } = read(args)
  if (values.help) return null
  const [word, ...rest] = positionals
  const action = memberActions.find((one) => one === word)
  if (action === undefined) {
    const given = word === undefined ? 'The command is missing' : `"${word}" is not a command`
    throw new ScriptError(`${given}. Use one of ${memberActions.join(', ')}. ${seeHelp}`)
  }
  if (rest.length > 0) throw new ScriptError(`"${rest.join(' ')}" is not an option. ${seeHelp}`)
  for (const flag of ['plan', 'until', 'because'] as const) {
    if (values[flag] !== undefined && !flagsOf[action].includes(flag)) {
      throw new ScriptError(`--${flag} is not an option of ${action}. ${seeHelp}`)
    }
  }
  if (values.sub === undefined)
    throw new ScriptError(`--sub is missing: the subject to ${action}, such as --sub 'auth0|x'.`)
  if (action === 'grant' && values.plan === undefined) {
    throw new ScriptError('--plan is missing: the plan to grant, such as --plan patron.')
  }
  return {
    action,
    subject: acceptSubject(values.sub),
    issuer: acceptIssuer(values.issuer ?? defaultIssuer),
    plan: values.plan,
    until: values.until === undefined ? null : acceptUntil(values.until, now),
    cause: values.because?.trim() || `npm run member -- ${action}`,
  }
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    const [sentence] = (error as Error).message.split(/\. |\n/)
    throw new ScriptError(`${sentence?.replace(/\.$/, '')}. ${seeHelp}`)
  }
}

/** Checks a subject by the rules for tokens. Other subjects can never sign in. */
function acceptSubject(subject: string): string {
  if (subject.length < 1 || subject.length > 255) throw new ScriptError('--sub is not 1 to 255 characters long.')
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(subject) || !subject.isWellFormed()) {
    throw new ScriptError('--sub contains a control character or a lone surrogate.')
  }
  if (subject.startsWith('anon@')) throw new ScriptError('--sub is an anonymous session, which has no account.')
  return subject
}

function acceptIssuer(issuer: string): string {
  if (URL.canParse(issuer) && issuer.length <= 255) return issuer
  throw new ScriptError('--issuer is not an address such as https://example.eu.auth0.com/ (with its final slash).')
}

function acceptUntil(text: string, now: Date): Date {
  const until = readInstant(text)
  if (until === null) throw new ScriptError(`--until ${text} is not a date such as 2027-01-01 or 2027-01-01T12:00:00Z.`)
  if (until <= now) throw new ScriptError(`--until ${text} is in the past. A grant without --until has no end.`)
  return until
}
