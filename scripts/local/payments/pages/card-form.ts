import { cardByNumber, testCards, type CardDetails } from '../billing/cards.ts'
import { safe, type Markup } from './page.ts'

/** What was typed, to be shown again. */
export interface TypedCard {
  readonly number: string
  readonly expiry: string
  readonly cvc: string
  readonly name: string
  readonly email: string
}

export const nothingTyped: TypedCard = { number: '', expiry: '', cvc: '', name: '', email: '' }

export function typedCard(form: URLSearchParams): TypedCard {
  const field = (name: string) => (form.get(name) ?? '').trim().slice(0, 200)
  return {
    number: field('number'),
    expiry: field('expiry'),
    cvc: field('cvc'),
    name: field('name'),
    email: field('email'),
  }
}

/** The fields of a card; the form around them is the page's. */
export function cardFields(typed: TypedCard, asksForEmail: boolean, problem: string | null): Markup {
  const described = problem ? safe` aria-describedby="problem"` : null
  return safe`
    ${
      asksForEmail
        ? safe`<div class="field"><label for="email">Email</label>
          <input id="email" name="email" type="email" autocomplete="email" required maxlength="200" value="${typed.email}"></div>`
        : null
    }
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

/** Which numbers there are, and what each of them does. */
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
 * @param now milliseconds since 1970, business time: expiry is judged by it
 * @returns the card, or what is wrong in words for the page
 */
export function readCard(typed: TypedCard, asksForEmail: boolean, now: number): CardDetails | string {
  const card = cardByNumber(typed.number.replace(/[\s-]/g, ''))
  if (!card) return 'This card number is not one of the test cards below. Never enter a real card here.'
  const expiry = /^(\d{1,2})\s*\/?\s*(\d{2}|\d{4})$/.exec(typed.expiry)
  const month = Number(expiry?.[1] ?? 0)
  const year = Number(expiry?.[2] ?? 0) + ((expiry?.[2]?.length ?? 0) === 2 ? 2000 : 0)
  if (month < 1 || month > 12) return 'The expiry is not a month and a year such as 12/34.'
  if (Date.UTC(year, month, 1) <= now) return 'Your card has expired.'
  if (!/^\d{3,4}$/.test(typed.cvc)) return 'The CVC must have three or four digits.'
  if (asksForEmail && !/^[^\s@]+@[^\s@]+$/.test(typed.email)) return 'The email address is not valid.'
  return { card, expMonth: month, expYear: year, name: typed.name || null, email: asksForEmail ? typed.email : null }
}
