import type { Block } from './values.ts'
import type { ProblemAt } from '../problems.ts'
import { parseTomlBlock } from './toml-block.ts'
import { parseYamlBlock } from './yaml-block.ts'

interface SplitFile {
  /** The front matter, or its problems in the order of their lines. */
  readonly block: Block | readonly ProblemAt[]
  /** The Markdown below, after an empty line for each line of front matter, so that its line numbers are those of the file. */
  readonly markdown: string
}

/** Real front matter has a few hundred bytes. The limit exists because parsing YAML takes more than linear time. */
const largestBlock = 50_000

const opening = /^(?:---[ \t]*(yaml|json|toml)?|(\+\+\+))[ \t]*$/

/**
 * Splits a file into its front matter and its Markdown.
 *
 * YAML and JSON are enclosed in lines of `---`, TOML in lines of `+++` (or starts with `---toml`). Empty lines above are skipped.
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
