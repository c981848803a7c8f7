import type { Page } from 'playwright-core'
import { stack } from './stack.ts'

const visa = '4242 4242 4242 4242'

/** Pays on the payment provider's page, and waits until one is back on the site. */
export async function payByCard(page: Page, number = visa): Promise<void> {
  await fillInCard(page, number)
  await pressPay(page)
  await page.waitForURL((url) => url.origin === stack.site)
}

export const pressPay = (page: Page): Promise<void> => page.getByRole('button', { name: 'Subscribe' }).click()

export async function fillInCard(page: Page, number = visa): Promise<void> {
  await page.waitForURL((url) => url.origin === stack.payments)
  await page.getByLabel('Card number').fill(number)
  await page.getByLabel('Expiry').fill('12/99')
  await page.getByLabel('CVC').fill('123')
  await page.getByLabel('Name on the card').fill('Ada King')
}

async function control(path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${stack.payments}/_local/${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

/** Lets days pass for the whole product. Ends when what fell due was told. */
export const passDays = (days: number): Promise<void> => control('clock', { advanceMilliseconds: days * 86_400_000 })

/** Holds back what the payment provider tells. */
export const holdNews = (): Promise<void> => control('webhooks', { paused: true })

/** Lets it out. Ends when the server has answered each. */
export async function tellNews(): Promise<void> {
  await control('webhooks', { paused: false })
  await control('webhooks/flush', {})
}

interface Sold {
  readonly customers: readonly { readonly id: string; readonly metadata: { readonly memberId?: string } }[]
  readonly subscriptions: readonly { readonly customer: string; readonly status: string }[]
  readonly invoices: readonly { readonly customer: string; readonly status: string; readonly amount_paid: number }[]
}

/** What the payment provider has sold to a member. */
export async function soldTo(memberId: string): Promise<{ subscriptions: string[]; paid: number[] }> {
  const answer = await fetch(`${stack.payments}/_local/state`)
  const { customers, subscriptions, invoices } = (await answer.json()) as Sold
  const mine = new Set(customers.filter(({ metadata }) => metadata.memberId === memberId).map(({ id }) => id))
  return {
    subscriptions: subscriptions.filter(({ customer }) => mine.has(customer)).map(({ status }) => status),
    paid: invoices.filter(({ customer }) => mine.has(customer)).map((invoice) => invoice.amount_paid),
  }
}
