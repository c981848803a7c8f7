// Removes tokens, keys and email addresses from free text before it is logged. Callers choose these texts, so every function here runs
// in linear time: no pattern reads a character twice.

const longestText = 500
/** The searched length of a text, in characters. It exceeds the kept length, so that no half of a token remains at the end. */
const longestLook = 4 * longestText

/** Returns a text without secrets, at most 500 characters long. A driver's error message may quote secrets. */
export const scrub = (text: string): string => withoutSecrets(beginning(text)).slice(0, longestText)

/** Returns the path of a URL without secrets and without its query string, at most 500 characters long. */
export function scrubPath(url: string): string {
  const path = beginning(url.slice(0, longestLook + 1).split('?', 1)[0] ?? '')
  return path.split('/').map(withoutSecrets).join('/').slice(0, longestText)
}

/** Runs of characters that tokens consist of, plain or percent-encoded. */
const tokenLike = /[\w.%-]+/g
const words = /[^\s"'<>]+/g

const withoutSecrets = (text: string): string =>
  text
    .replace(tokenLike, (run) => (hasToken(decodePercent(run)) ? '[token]' : run))
    .replace(words, (run) => (run.includes('@') || run.includes('%') ? withoutEmail(run) : run))

const withoutEmail = (run: string): string => (hasEmail(decodePercent(run)) ? '[email]' : run)

/** Matches the start of an encoded JSON header and the prefixes of Stripe's keys. A truncated token is still a secret. */
const beginsSecret = /(?:^|[^A-Za-z0-9_])(?:eyJ|[rs]k_(?:live|test)_|whsec_)/
const shortestTokenPart = 8

function hasToken(run: string): boolean {
  if (beginsSecret.test(run)) return true
  // Three parts separated by dots. The last part may be truncated.
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
 * Decodes percent-encoded characters, including those encoded several times (`%2540`). A byte outside ASCII becomes a letter, because
 * it is part of one. Invalid sequences are kept.
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

/** Returns the part of a text that is searched, without the word that the cut divides. */
function beginning(text: string): string {
  if (text.length <= longestLook) return text
  let end = longestLook
  while (end > 0 && !/[\s"'<>/]/.test(text.charAt(end - 1))) end -= 1
  return `${text.slice(0, end)}…`
}
