const month = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })

export interface Month<Item> {
  readonly name: string
  readonly items: readonly Item[]
}

/** Groups consecutive items by the month of their publication, in UTC. Keeps the order. */
export function byMonth<Item extends { readonly publishedAt: string }>(items: readonly Item[]): Month<Item>[] {
  const months: { name: string; items: Item[] }[] = []
  for (const item of items) {
    const name = month.format(new Date(item.publishedAt))
    const last = months.at(-1)
    if (last?.name === name) last.items.push(item)
    else months.push({ name, items: [item] })
  }
  return months
}
