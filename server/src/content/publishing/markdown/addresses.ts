/** What browsers may be sent to from a text, and what an image may come from. Relative addresses of links pass. */
export const linkProtocols: readonly string[] = ['http', 'https', 'mailto', 'tel', 'sms', 'xmpp']
export const imageProtocols: readonly string[] = ['https']

/**
 * Reads the address as a browser does, which drops tabs and line ends within `java\nscript:`, and as the sanitiser does, which
 * would take away what it does not know, `HTTPS:` included, without a word.
 */
export function addressFault(what: string, address: string, protocols: readonly string[]): string | null {
  if (!URL.canParse(address, 'https://relative.invalid/')) return `has ${what} with an invalid address`
  const read = new URL(address, 'https://relative.invalid/').protocol.slice(0, -1)
  const written = /^([^/?#:]*):/.exec(address)?.[1] ?? read
  const bad = [read, written].find((protocol) => !protocols.includes(protocol))
  return bad === undefined ? null : `has ${what} to ${bad}:, which is not one of ${protocols.join(', ')}`
}

/** Refuses images that lie beside the article: there is no place for files yet. */
export function imageFault(address: string): string | null {
  if (/^https:\/\//.test(address)) return null
  return 'has an image without a full https: address; image files cannot be published yet'
}

/** Decodes a part of an address; what is not encoded well stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
