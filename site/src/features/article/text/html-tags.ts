// Tags in HTML that the server has sanitised and written: attributes have quotes, and text has no bare `<`.

/** A start tag. A `>` between quotes belongs to a value. Linear: each piece can be matched in one way. */
const startTag = /<([a-z][a-z\d-]*)([^"'<>]*(?:(?:"[^"]*"|'[^']*')[^"'<>]*)*)>/gi

const attribute = /(\s)([^\s"'<>=/]+)(?:=(?:"([^"]*)"|'([^']*)'))?/g

/** Calls back for each attribute with a value, in the order of the text, and puts what it returns in the attribute's place. */
export function replaceAttributes(
  html: string,
  replace: (attribute: { tag: string; name: string; value: string; written: string }) => string,
): string {
  return html.replace(startTag, (_, tag: string, attributes: string) => {
    const replaced = attributes.replace(
      attribute,
      (written: string, space: string, name: string, double: string | undefined, single: string | undefined) => {
        const value = double ?? single
        if (value === undefined) return written
        const found = { tag: tag.toLowerCase(), name: name.toLowerCase(), value, written: written.slice(space.length) }
        return space + replace(found)
      },
    )
    return `<${tag}${replaced}>`
  })
}
