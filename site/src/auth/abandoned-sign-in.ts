/**
 * Takes away what the SDK keeps of a sign-in that was left half-way by the browser's back button: it has the verifier of the
 * exchange in it. A tab that shows a page of ours is in no sign-in.
 */
export function clearAbandonedSignIn(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith('a0.spajs.txs')) sessionStorage.removeItem(key)
  } catch {
    // Storage is switched off, and so empty.
  }
}
