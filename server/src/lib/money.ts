/** Returns the number of decimals of a currency: 2 for most, 0 for the yen. */
export function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}

/** Formats an amount in a currency's smallest unit for people: `5.00 EUR`. */
export const amountWords = (amountMinor: number, currency: string): string =>
  `${(amountMinor / 10 ** decimalsOf(currency)).toFixed(decimalsOf(currency))} ${currency}`
