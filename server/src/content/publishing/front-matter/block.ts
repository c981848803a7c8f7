import type { Block } from './values.ts'
import type { ProblemAt } from '../problems.ts'
import { parseTomlBlock } from './toml-block.ts'
import { parseYamlBlock } from './yaml-block.ts'

export interface SplitFile {
  /** Or all that is wrong with it, in the order of its lines. */
  readonly block: Block | readonly ProblemAt[]
  /** The Markdown below, with an empty line for each line above it: its line numbers are those of the file. */
  readonly markdown: string
}

/** Real front matter has some hundred bytes. A parser of YAML takes more than linear time. */
const largestBlock = 50_000

const opening = /^(?:---[ \t]*(yaml|json|toml)?|(\+\+\+))[ \t]*$/

/**
 * Takes a file apart into its front matter and its Markdown.
 *
 * YAML and JSON stand between lines of `---`, TOML between lines of `+++` (or below `---toml`). Empty lines above are passed over.
 */
export function splitFile(source: string): SplitFile {
  const lines = source.split('\n')
  const first = lines.findIndex((line) => line.trim() !== '')
  const [found, language, plus] = opening.exec(lines[first] ?? '') ?? []
  const closing = plus === undefined ? /^(---|\.\.\.)[ \t]*$/ : /^\+\+\+[ \t]*$/
  const last = found === undefined ? -1 : lines.findIndex((line, index) => index > first && closing.test(line))
  if (last === -1) {
    const message = 'has no front matter: write lines of `key: value` between two lines of --- (or TOML between +++)'
    return { block: [{ line: Math.max(0, first) + 1, message }], markdown: source }
  }
  const text = lines.slice(first + 1, last).join('\n')
  const parse = plus !== undefined || language === 'toml' ? parseTomlBlock : parseYamlBlock
  const block =
    text.length > largestBlock
      ? [{ line: first + 1, message: `has front matter of more than ${largestBlock} characters` }]
      : parse(text, first + 2)
  return { block, markdown: '\n'.repeat(last + 1) + lines.slice(last + 1).join('\n') }
}
