/** How many decimals a currency has: two for most, none for the yen. */
export function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}

/** An amount of a currency's smallest units for people: `5.00 EUR`. */
export const amountWords = (amountMinor: number, currency: string): string =>
  `${(amountMinor / 10 ** decimalsOf(currency)).toFixed(decimalsOf(currency))} ${currency}`
