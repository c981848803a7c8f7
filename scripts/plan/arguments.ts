import { parseArgs } from 'node:util'
import type { PlanChanges, PromotionTerms } from '../../server/src/catalogue/index.ts'
import { isAsciiSlug } from '../../server/src/lib/text.ts'
import { ScriptError } from '../run-script.ts'
import { readAmount, readCount, readCurrency, readUntil } from './values.ts'

export const planHelp = `Shows and changes plans, their prices, and promotion codes.

  npm run plan -- show
  npm run plan -- set supporter --name Supporter --monthly 5.00 --yearly 50.00 --benefit 'All subscriber articles' --benefit 'No adverts'
  npm run plan -- archive supporter      (and: restore supporter)
  npm run plan -- promote SPRING --percent 20 --months 3 --until 2027-01-01
  npm run plan -- retire SPRING

  set creates a plan, or changes the given properties of it:
  --name, --description  texts for readers
  --benefit              one line; repeat it for each line. Replaces all lines; --benefit none removes them
  --monthly, --yearly    price, such as 5.00; none: not sold for this interval
  --currency             currency of these prices; default: EUR
  --trial-days           length of the free trial in days, one trial per member; 0: no trial
  --includes             slug of a plan that it includes; repeat it for each plan. Replaces all of them; none removes them

  promote creates a code, or reactivates a retired one:
  --percent 20           discount in percent, or --amount 3.00 [--currency EUR]
  --months 3             duration in months, or --forever; default: the first payment only
  --until                last use of the code: the start of a day in UTC, or an instant such as 2027-01-01T12:00:00Z

Readers see changes at once. Run npm run billing:sync to update the payment provider. Until then nobody can buy at a new price.
`

export type PlanRequest =
  | { readonly action: 'show' }
  | { readonly action: 'set'; readonly changes: PlanChanges }
  | { readonly action: 'archive' | 'restore'; readonly slug: string }
  | { readonly action: 'promote'; readonly promotion: PromotionTerms }
  | { readonly action: 'retire'; readonly code: string }

const text = { type: 'string' } as const
const texts = { type: 'string', multiple: true } as const
const options = {
  name: text,
  description: text,
  benefit: texts,
  monthly: text,
  yearly: text,
  currency: text,
  'trial-days': text,
  includes: texts,
  percent: text,
  amount: text,
  months: text,
  forever: { type: 'boolean' },
  until: text,
  help: { type: 'boolean', short: 'h' },
} as const
type Values = ReturnType<typeof read>['values']

/** The flags of each action. */
const flagsOf = {
  show: [],
  set: ['name', 'description', 'benefit', 'monthly', 'yearly', 'currency', 'trial-days', 'includes'],
  archive: [],
  restore: [],
  promote: ['percent', 'amount', 'currency', 'months', 'forever', 'until'],
  retire: [],
} as const satisfies Record<PlanRequest['action'], readonly (keyof Values)[]>
const actions = Object.keys(flagsOf) as PlanRequest['action'][]

const seeHelp = 'See npm run plan -- --help.'

/**
 * Parses the arguments.
 *
 * @param now business time; a promotion must end later
 * @returns null if help was requested
 * @throws ScriptError that says what to change
 */
export function parsePlanArguments(args: readonly string[], now: Date): PlanRequest | null {
  const { values, positionals } = read(args)
  if (values.help) return null
  const [word, subject, ...rest] = positionals
  const action = actions.find((one) => one === word)
  if (action === undefined) {
    const given = word === undefined ? 'The command is missing' : `"${word}" is not a command`
    throw new ScriptError(`${given}. Use one of ${actions.join(', ')}. ${seeHelp}`)
  }
  const stray = action === 'show' ? subject : rest[0]
  if (stray !== undefined) throw new ScriptError(`"${stray}" is not an option. ${seeHelp}`)
  for (const flag of Object.keys(values)) {
    if (!(flagsOf[action] as readonly string[]).includes(flag)) {
      throw new ScriptError(`--${flag} is not an option of ${action}. ${seeHelp}`)
    }
  }
  switch (action) {
    case 'show':
      return { action }
    case 'set':
      return { action, changes: readChanges(acceptSlug(subject, action), values) }
    case 'archive':
    case 'restore':
      return { action, slug: acceptSlug(subject, action) }
    case 'promote':
      return { action, promotion: readPromotion(acceptCode(subject, action), values, now) }
    case 'retire':
      return { action, code: acceptCode(subject, action) }
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

function acceptSlug(slug: string | undefined, action: string): string {
  if (slug === undefined) throw new ScriptError(`The plan is missing, such as: npm run plan -- ${action} supporter`)
  if (isAsciiSlug(slug)) return slug
  throw new ScriptError(`"${slug}" is not a plan slug: use at most 200 lower-case letters, digits and single hyphens.`)
}

function acceptCode(code: string | undefined, action: string): string {
  if (code === undefined) throw new ScriptError(`The code is missing, such as: npm run plan -- ${action} SPRING`)
  if (/^[A-Z0-9]{3,40}$/i.test(code)) return code.toUpperCase()
  throw new ScriptError(`"${code}" is not a code: use 3 to 40 letters and digits.`)
}

function readChanges(slug: string, values: Values): PlanChanges {
  const currency = readCurrency(values.currency)
  const price = (flag: 'monthly' | 'yearly') => {
    const given = values[flag]
    return given === 'none' ? null : { amountMinor: readAmount(flag, given ?? '', currency), currency }
  }
  if (values.currency !== undefined && values.monthly === undefined && values.yearly === undefined) {
    throw new ScriptError('--currency applies to --monthly and --yearly. Give a price too.')
  }
  return {
    slug,
    ...(values.name !== undefined && { name: readWords('name', values.name) }),
    ...(values.description !== undefined && { description: values.description.trim() }),
    ...(values.benefit && { benefits: orNone(values.benefit).map((line) => readWords('benefit', line)) }),
    ...(values['trial-days'] !== undefined && { trialDays: readCount('trial-days', values['trial-days'], 0, 730) }),
    ...(values.monthly !== undefined && { monthly: price('monthly') }),
    ...(values.yearly !== undefined && { yearly: price('yearly') }),
    ...(values.includes && { includes: orNone(values.includes) }),
  }
}

const orNone = (given: readonly string[]): readonly string[] => (given.length === 1 && given[0] === 'none' ? [] : given)

function readWords(flag: string, given: string): string {
  const words = given.trim()
  if (words === '' || words.length > 200) throw new ScriptError(`--${flag} is not 1 to 200 characters long.`)
  return words
}

function readPromotion(code: string, values: Values, now: Date): PromotionTerms {
  const { percent, amount, months, forever, until } = values
  if ((percent === undefined) === (amount === undefined)) {
    throw new ScriptError(`Give either --percent, such as 20, or --amount, such as 3.00. ${seeHelp}`)
  }
  if (months !== undefined && forever) throw new ScriptError('--months and --forever cannot be combined.')
  if (amount === undefined && values.currency !== undefined)
    throw new ScriptError('--currency applies to --amount. Give an amount too.')
  const currency = amount === undefined ? null : readCurrency(values.currency)
  return {
    code,
    percentOff: percent === undefined ? null : readCount('percent', percent, 1, 100),
    amountOffMinor: amount === undefined ? null : readAmount('amount', amount, currency ?? '', 1),
    currency,
    duration: forever ? 'FOREVER' : months === undefined ? 'ONCE' : 'REPEATING',
    months: months === undefined ? null : readCount('months', months, 1, 120),
    expiresAt: until === undefined ? null : readUntil(until, now),
  }
}
