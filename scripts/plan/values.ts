import { decimalsOf } from '../../server/src/lib/money.ts'
import { readInstant } from '../read-instant.ts'
import { ScriptError } from '../run-script.ts'

export function readCount(flag: string, given: string, least: number, most: number): number {
  const count = /^\d{1,6}$/.test(given) ? Number(given) : NaN
  if (count >= least && count <= most) return count
  throw new ScriptError(`--${flag} is not a whole number from ${least} to ${most}.`)
}

/** Stripe's maximum amount. */
const mostMinor = 99_999_999

/** Parses an amount into the currency's smallest unit. `5`, `5.0` and `5.00` are equal; `5.001` and `5,00` are refused. */
export function readAmount(flag: string, given: string, currency: string, leastMinor = 0): number {
  const decimals = decimalsOf(currency)
  const [, whole = '', part = ''] = /^(\d{1,8})(?:\.(\d+))?$/.exec(given) ?? []
  const amount = Number(whole + part.padEnd(decimals, '0'))
  if (whole !== '' && part.length <= decimals && amount >= leastMinor && amount <= mostMinor) return amount
  throw new ScriptError(`--${flag} is not an amount in ${currency} such as ${(5).toFixed(decimals)}.`)
}

export function readCurrency(given = 'EUR'): string {
  const currency = given.toUpperCase()
  if (Intl.supportedValuesOf('currency').includes(currency)) return currency
  throw new ScriptError('--currency is not an ISO 4217 code such as EUR.')
}

/** Parses an end in the future: a day (its start in UTC) or an instant. */
export function readUntil(given: string, now: Date): Date {
  const until = readInstant(given)
  if (until === null)
    throw new ScriptError(`--until ${given} is not a date such as 2027-01-01 or 2027-01-01T12:00:00Z.`)
  if (until <= now) throw new ScriptError(`--until ${given} is in the past.`)
  return until
}
