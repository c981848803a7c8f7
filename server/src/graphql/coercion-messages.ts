// What graphql-js says of a value that cannot be coerced: it quotes the value, names types, and suggests enum values. Apollo's
// `hideSchemaDetailsFromClientErrors` reaches validation only, not variables and arguments at execution.

const about = String.raw`((?:Variable "\$\w+"|Argument "\w+"))`

const rewritten: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^${about} of (?:required|non-null) type .* must not be null\\.$`, 's'), '$1 must not be null.'],
  [new RegExp(`^${about} of required type .*`, 's'), '$1 is required.'],
  [
    new RegExp(`^${about} (?:(?:got|has) invalid value|expected value of type) .*`, 's'),
    '$1 has a value of the wrong type.',
  ],
  [/^Too many errors processing variables.*/s, 'Too many variables have values of the wrong type.'],
  // Literals, found by validation: of an enum, of one of the specified scalars, of DateTime.
  [
    /^(?:Value ".*" does not exist in ".*" enum|Enum ".*" cannot represent|Expected value of type|\w+ cannot represent).*/s,
    'A value has the wrong type.',
  ],
]

/** A hint at names, which graphql-js puts last. Found without a pattern: the message may quote a caller's text many times over. */
const suggestion = ' Did you mean '

/**
 * Returns a message of graphql-js without its suggestions, and our own words instead of its words about coercion. Every other
 * message is returned as it is.
 */
export function withoutSchemaDetails(message: string): string {
  const found = rewritten.find(([pattern]) => pattern.test(message))
  if (found) return message.replace(...found)
  const begins = message.endsWith('?') ? message.indexOf(suggestion) : -1
  return begins === -1 ? message : message.slice(0, begins)
}
