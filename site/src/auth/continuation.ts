// What was chosen before signing in, until the page that comes after it takes it up. In memory alone: an address or a reload that could
// say it would let any link begin a checkout.

let waiting = false

/** Notes, or takes back, that the next page carries a choice on. */
export function setContinuation(continues: boolean): void {
  waiting = continues
}

/** Returns whether a choice is to be carried on, once. */
export function takeContinuation(): boolean {
  const taken = waiting
  waiting = false
  return taken
}
