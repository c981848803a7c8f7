/** The allowed protocols of links and images. Links may also be relative. */
export const linkProtocols: readonly string[] = ['http', 'https', 'mailto', 'tel', 'sms', 'xmpp']
export const imageProtocols: readonly string[] = ['https']

/**
 * Returns a description of a forbidden protocol, or null. Parses the address like a browser, which ignores the line end in
 * `java\nscript:`, and like the sanitiser, which would silently drop protocols that it does not know, such as `HTTPS:`.
 */
export function addressFault(what: string, address: string, protocols: readonly string[]): string | null {
  if (!URL.canParse(address, 'https://relative.invalid/')) return `has ${what} with an invalid address`
  const read = new URL(address, 'https://relative.invalid/').protocol.slice(0, -1)
  const written = /^([^/?#:]*):/.exec(address)?.[1] ?? read
  const bad = [read, written].find((protocol) => !protocols.includes(protocol))
  return bad === undefined ? null : `has ${what} to ${bad}:, which is not one of ${protocols.join(', ')}`
}

/** Refuses image files beside the article, because files cannot be published yet. */
export function imageFault(address: string): string | null {
  if (/^https:\/\//.test(address)) return null
  return 'has an image without a full https: address; image files cannot be published yet'
}

/** Decodes a part of an address. Returns malformed text unchanged. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
