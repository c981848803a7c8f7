// Whether the page after a sign-in continues with the plan that the reader chose before it. Kept in memory only: with an address any link
// could start a checkout.

let waiting = false

/** Sets whether the next page continues with the reader's choice. */
export function setContinuation(continues: boolean): void {
  waiting = continues
}

/** Returns whether to continue with the choice, and resets it. */
export function takeContinuation(): boolean {
  const taken = waiting
  waiting = false
  return taken
}
