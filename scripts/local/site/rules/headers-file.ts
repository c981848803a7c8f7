import { eachLine, matchPath, parsePattern, type PathPattern } from './rule-syntax.ts'

/** A path line of `_headers` with the lines below it. Names are in lower case. */
export interface HeaderBlock {
  readonly pattern: PathPattern
  readonly values: ReadonlyMap<string, string>
  /** `! Name`: removes the value of earlier blocks. */
  readonly without: ReadonlySet<string>
}

/** Headers that the server sets for each answer. Values of the file would contradict it. */
const serverHeaders =
  /^(allow|connection|content-(encoding|length|range)|date|location|trailer|transfer-encoding|upgrade)$/

/**
 * Parses the format of static hosts: a path at the beginning of a line, and indented `Name: value` lines below it.
 *
 * @throws Error that names the first invalid line. A header that is silently left out would be a missing protection.
 */
export function parseHeaders(content: string): HeaderBlock[] {
  const blocks: { pattern: PathPattern; values: Map<string, string>; without: Set<string> }[] = []
  eachLine('_headers', content, ({ indented, text }) => {
    if (!indented) return void blocks.push({ pattern: parsePattern(text), values: new Map(), without: new Set() })
    const block = blocks.at(-1)
    if (!block) throw new Error('a header must be below a path')
    const detached = /^!\s*(\S+)$/.exec(text)?.[1]
    if (detached !== undefined) return void block.without.add(detached.toLowerCase())
    const [name, value] = parseHeader(text)
    const earlier = block.values.get(name)
    block.values.set(name, earlier === undefined ? value : `${earlier}, ${value}`)
  })
  return blocks
}

function parseHeader(text: string): [string, string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.+)$/.exec(text) ?? []
  if (name === undefined || value === undefined) throw new Error('the line is not "Name: value"')
  // Node.js would refuse the value too, but at each answer.
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    throw new Error(`the value of ${name} contains characters that are not allowed in a header`)
  const lower = name.toLowerCase()
  if (serverHeaders.test(lower)) throw new Error(`${name} is set by the server and cannot be set in the file`)
  return [lower, value]
}

/**
 * Returns the headers of a path from all blocks that match it. The value of a later block replaces that of an earlier one.
 *
 * @param pathname decoded
 */
export function headersFor(blocks: readonly HeaderBlock[], pathname: string): Record<string, string> {
  const all = new Map<string, string>()
  for (const { pattern, values, without } of blocks) {
    if (matchPath(pattern, pathname) === null) continue
    for (const name of without) all.delete(name)
    for (const [name, value] of values) all.set(name, value)
  }
  return Object.fromEntries(all)
}
