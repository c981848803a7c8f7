// graphql-js' messages about a value that cannot be coerced quote the value, name types and suggest enum values. Apollo's
// `hideSchemaDetailsFromClientErrors` covers validation only, not variables and arguments at execution.

const about = String.raw`((?:Variable "\$\w+"|Argument "\w+"))`

const rewritten: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^${about} of (?:required|non-null) type .* must not be null\\.$`, 's'), '$1 must not be null.'],
  [new RegExp(`^${about} of required type .*`, 's'), '$1 is required.'],
  [
    new RegExp(`^${about} (?:(?:got|has) invalid value|expected value of type) .*`, 's'),
    '$1 has a value of the wrong type.',
  ],
  [/^Too many errors processing variables.*/s, 'Too many variables have values of the wrong type.'],
  // Literals of enums, of the built-in scalars and of DateTime, refused by validation.
  [
    /^(?:Value ".*" does not exist in ".*" enum|Enum ".*" cannot represent|Expected value of type|\w+ cannot represent).*/s,
    'A value has the wrong type.',
  ],
]

/** The start of a suggestion at the end of a message. A regular expression would be slow on a long text that the message quotes. */
const suggestion = ' Did you mean '

/**
 * Returns a message of graphql-js without suggestions. Messages about coercion are replaced by fixed texts. Other messages are returned
 * unchanged.
 */
export function withoutSchemaDetails(message: string): string {
  const found = rewritten.find(([pattern]) => pattern.test(message))
  if (found) return message.replace(...found)
  const begins = message.endsWith('?') ? message.indexOf(suggestion) : -1
  return begins === -1 ? message : message.slice(0, begins)
}
