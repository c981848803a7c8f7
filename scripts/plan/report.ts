import type { Database } from '../../server/src/db/index.ts'
import { amountWords } from '../../server/src/lib/money.ts'
import { promotions, promotionWords, storedPlans, type PriceRow } from '../../server/src/catalogue/index.ts'

/** Returns a list of plans and promotions as text. */
export async function planReport(db: Database, now: Date): Promise<string> {
  const [plans, codes] = await Promise.all([storedPlans(db, now), promotions(db)])
  const slugOf = (id: string): string => plans.find((plan) => plan.id === id)?.slug ?? id
  const lines = [...plans]
    .sort((a, b) => a.slug.localeCompare(b.slug, 'en'))
    .flatMap(({ slug, name, onSale, monthly, yearly, trialDays, directlyIncludes, benefits }) => [
      `  ${slug}  ${name}${onSale ? '' : '  (archived)'}`,
      `    ${priceWords(monthly, 'month')}, ${priceWords(yearly, 'year')}${trialDays > 0 ? `, free for ${trialDays} days` : ''}`,
      ...(directlyIncludes.length > 0 ? [`    includes ${directlyIncludes.map(slugOf).sort().join(', ')}`] : []),
      ...benefits.map((line) => `    - ${line}`),
    ])
  const offers = codes.map((one) => `  ${one.code}  ${promotionWords(one)}${one.active ? '' : '  (retired)'}`)
  return [
    ...(lines.length > 0 ? ['Plans', ...lines] : ['There are no plans yet. npm run db:seed -- --plans creates two.']),
    ...(offers.length > 0 ? ['Promotions', ...offers] : []),
  ].join('\n')
}

const priceWords = (price: PriceRow | null, unit: string): string =>
  price === null ? `not sold by the ${unit}` : `${amountWords(price.amountMinor, price.currency)} a ${unit}`
