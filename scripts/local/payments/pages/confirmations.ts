import { newId } from '../state/ids.ts'
import { noticePage, safe, type Page, type PageAnswer } from './page.ts'

interface Confirmation {
  readonly what: string
  /** The addresses that the answer may redirect to. */
  readonly formTargets: readonly (string | null)[]
  /** Continues after the confirmation. Called once. */
  readonly resume: (confirmed: boolean) => PageAnswer
}

/** The maximum number of open confirmations. The oldest are removed. */
const maxOpen = 200

/** Confirmations by the bank, as in 3-D Secure. They are stored in memory only. */
export class Confirmations {
  readonly #open = new Map<string, Confirmation>()

  ask(confirmation: Confirmation): { redirect: string } {
    const id = newId('auth', 32)
    this.#open.set(id, confirmation)
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= maxOpen) break
      this.#open.delete(oldest)
    }
    return { redirect: `/confirm/${id}` }
  }

  page(id: string): Page {
    const found = this.#open.get(id)
    if (!found)
      return noticePage(
        410,
        'Nothing to confirm',
        'This payment was already confirmed or refused. Go back and start again.',
        null,
      )
    return {
      title: 'Confirm your payment',
      formTargets: found.formTargets,
      body: safe`<h1>Your bank requires a confirmation</h1>
        <p>Are you making this payment? ${found.what}</p>
        <p class="soft">A real bank asks in its app or by a code (3-D Secure). Choose the outcome here.</p>
        <form method="post" action="/confirm/${id}" class="row">
          <button class="main" name="outcome" value="complete">Complete authentication</button>
          <button name="outcome" value="fail">Fail authentication</button>
        </form>`,
    }
  }

  answer(id: string, form: URLSearchParams): PageAnswer {
    const found = this.#open.get(id)
    if (!found) return this.page(id)
    this.#open.delete(id)
    return found.resume(form.get('outcome') === 'complete')
  }
}

export const notAuthenticated =
  'We are unable to authenticate your payment method. Please choose a different one and try again.'
