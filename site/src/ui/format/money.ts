/** Formats a price. The currency defines the number of decimals. Whole amounts have none. */
export function priceOf({ amountMinor, currency }: { amountMinor: number; currency: string }): string {
  const probe = new Intl.NumberFormat('en-IE', { style: 'currency', currency })
  const amount = amountMinor / 10 ** (probe.resolvedOptions().maximumFractionDigits ?? 2)
  const whole = Number.isInteger(amount)
  return new Intl.NumberFormat('en-IE', {
    style: 'currency',
    currency,
    ...(whole && { minimumFractionDigits: 0, maximumFractionDigits: 0 }),
  }).format(amount)
}
