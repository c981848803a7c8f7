// Tags in HTML that the server has sanitised and serialised: attributes have quotes, and text contains no bare `<`.

/** A start tag. A `>` between quotes belongs to a value. Takes linear time, because each character can match in one way only. */
const startTag = /<([a-z][a-z\d-]*)([^"'<>]*(?:(?:"[^"]*"|'[^']*')[^"'<>]*)*)>/gi

const attribute = /(\s)([^\s"'<>=/]+)(?:=(?:"([^"]*)"|'([^']*)'))?/g

/** Replaces each attribute that has a value with the result of a function, in the order of the text. */
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
