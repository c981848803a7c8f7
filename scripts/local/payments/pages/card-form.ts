import { cardByNumber, testCards, type CardDetails } from '../billing/cards.ts'
import { safe, type Markup } from './page.ts'

/** The typed values, to be shown again. */
export interface TypedCard {
  readonly number: string
  readonly expiry: string
  readonly cvc: string
  readonly name: string
}

export const nothingTyped: TypedCard = { number: '', expiry: '', cvc: '', name: '' }

export function typedCard(form: URLSearchParams): TypedCard {
  const field = (name: string) => (form.get(name) ?? '').trim().slice(0, 200)
  return {
    number: field('number'),
    expiry: field('expiry'),
    cvc: field('cvc'),
    name: field('name'),
  }
}

/** Returns the fields of a card, without the form around them. */
export function cardFields(typed: TypedCard, problem: string | null): Markup {
  const described = problem ? safe` aria-describedby="problem"` : null
  return safe`
    <div class="field"><label for="number">Card number</label>
      <input id="number" name="number" inputmode="numeric" autocomplete="cc-number" required maxlength="30"
        placeholder="4242 4242 4242 4242" value="${typed.number}"${described}></div>
    <div class="row">
      <div class="field"><label for="expiry">Expiry (MM/YY)</label>
        <input id="expiry" name="expiry" inputmode="numeric" autocomplete="cc-exp" required maxlength="7"
          placeholder="12/34" value="${typed.expiry}"></div>
      <div class="field"><label for="cvc">CVC</label>
        <input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" required maxlength="4"
          placeholder="123" value="${typed.cvc}"></div>
    </div>
    <div class="field"><label for="name">Name on the card</label>
      <input id="name" name="name" autocomplete="cc-name" required maxlength="200" value="${typed.name}"></div>`
}

/** Returns the list of test cards and what they do. */
export const cardHints = (): Markup => safe`<details open>
  <summary>Test cards: any future expiry, any CVC</summary>
  <ul class="cards">${testCards.map(
    ({ number, hint }) => safe`<li><code>${spaced(number)}</code> <span class="soft">${hint}</span></li>`,
  )}</ul>
</details>`

const spaced = (number: string) => number.replace(/(.{4})(?=.)/g, '$1 ')

/**
 * Reads a card form.
 *
 * @param now business time in milliseconds since 1970, for the expiry
 * @returns the card, or the problem as a sentence for the page
 */
export function readCard(typed: TypedCard, now: number): CardDetails | string {
  const card = cardByNumber(typed.number.replace(/[\s-]/g, ''))
  if (!card) return 'This card number is not one of the test cards below. Never enter a real card here.'
  const expiry = /^(\d{1,2})\s*\/?\s*(\d{2}|\d{4})$/.exec(typed.expiry)
  const month = Number(expiry?.[1] ?? 0)
  const year = Number(expiry?.[2] ?? 0) + ((expiry?.[2]?.length ?? 0) === 2 ? 2000 : 0)
  if (month < 1 || month > 12) return 'The expiry is not a month and a year such as 12/34.'
  if (Date.UTC(year, month, 1) <= now) return 'Your card has expired.'
  if (!/^\d{3,4}$/.test(typed.cvc)) return 'The CVC must have three or four digits.'
  return { card, expMonth: month, expYear: year, name: typed.name || null }
}
