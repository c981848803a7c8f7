// Takes out of free text what no log may hold: tokens, keys and e-mail addresses. Strangers choose these texts, so every function here
// passes over a text once: no pattern looks again at characters that it has passed.

const longestText = 500
/** Looked through before the cut, so that the cut leaves no half of a token. */
const longestLook = 4 * longestText

/** Returns a text without secrets, at most 500 characters long. A driver's message may quote them. */
export const scrub = (text: string): string => withoutSecrets(beginning(text)).slice(0, longestText)

/** Returns the path of a URL without secrets and without its query string, at most 500 characters long. */
export function scrubPath(url: string): string {
  const path = beginning(url.slice(0, longestLook + 1).split('?', 1)[0] ?? '')
  return path.split('/').map(withoutSecrets).join('/').slice(0, longestText)
}

/** Characters of tokens, as they are or percent-encoded. */
const tokenLike = /[\w.%-]+/g
const words = /[^\s"'<>]+/g

const withoutSecrets = (text: string): string =>
  text
    .replace(tokenLike, (run) => (hasToken(decodePercent(run)) ? '[token]' : run))
    .replace(words, (run) => (run.includes('@') || run.includes('%') ? withoutEmail(run) : run))

const withoutEmail = (run: string): string => (hasEmail(decodePercent(run)) ? '[e-mail]' : run)

/** The first letters of a JSON header, and prefixes of Stripe's keys. What was cut off is a secret still. */
const beginsSecret = /(?:^|[^A-Za-z0-9_])(?:eyJ|[rs]k_(?:live|test)_|whsec_)/
const shortestTokenPart = 8

function hasToken(run: string): boolean {
  if (beginsSecret.test(run)) return true
  // Three parts with dots between them, of which the last may have been cut off.
  const parts = run.split('.')
  return parts.some(
    (part, index) =>
      index + 2 < parts.length &&
      part.length >= shortestTokenPart &&
      (parts[index + 1] ?? '').length >= shortestTokenPart,
  )
}

/** A domain has a dot with a letter or digit before it and at least two letters after it. */
const domain = /[\p{L}\p{N}]\.\p{L}\p{L}/u

function hasEmail(run: string): boolean {
  const parts = run.split('@')
  return parts.some((before, index) => {
    if (index + 1 >= parts.length || before === '' || before.endsWith('/')) return false
    return domain.test((parts[index + 1] ?? '').split('/', 1)[0] ?? '')
  })
}

const hexPair = /^[\da-f]{2}$/i

/**
 * Decodes percent-encoded characters, also those that were encoded several times (`%2540`). A byte that is not ASCII becomes a
 * letter, because it is part of one. What cannot be decoded stays.
 */
export function decodePercent(text: string): string {
  let decoded = ''
  for (let at = 0; at < text.length;) {
    const next = text.indexOf('%', at)
    if (next === -1) return decoded + text.slice(at)
    decoded += text.slice(at, next)
    at = next + 1
    while (text.startsWith('25', at)) at += 2
    const pair = text.slice(at, at + 2)
    if (!hexPair.test(pair)) {
      decoded += '%'
      continue
    }
    const byte = Number.parseInt(pair, 16)
    decoded += byte < 0x80 ? String.fromCharCode(byte) : 'é'
    at += 2
  }
  return decoded
}

/** Returns as much of a text as is looked through, without the word that the cut went through. */
function beginning(text: string): string {
  if (text.length <= longestLook) return text
  let end = longestLook
  while (end > 0 && !/[\s"'<>/]/.test(text.charAt(end - 1))) end -= 1
  return `${text.slice(0, end)}…`
}
