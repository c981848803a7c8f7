import type { Nodes, Root } from 'mdast'
import type { ProblemAt } from '../problems.ts'
import { lineOf, rawOf, walk, type Findings } from './nodes.ts'

interface Rule {
  /** Matched against the source of a text, so that a backslash escapes the character. */
  readonly form: RegExp
  readonly message: string
}

const template =
  'has a shortcode or an expression of a template, which is not evaluated; write its result in Markdown, or \\{ for the character'

/** Syntax that other publishing systems replace. Plain Markdown would display its source. */
const textRules: readonly Rule[] = [
  { form: /(?<!\\)\{[{%]/g, message: template },
  {
    form: /(?<!\\)\{#[^{}]*#\}/g,
    message: 'has a comment of a template ({# … #}), which would be shown; write <!-- -->, or \\{ for the character',
  },
  {
    form: /(?<!\\)\{\/\*/g,
    message: 'has an MDX comment inside a text; put it on a line of its own, or write <!-- -->',
  },
  {
    form: /(?<![\\%\w])%%(?![%\d])/g,
    message: 'has %%, which starts a comment in Obsidian; write <!-- -->, or \\%\\%',
  },
  { form: /(?<!\\)!\[\[/g, message: 'embeds a file by ![[…]]; write an image by its https: address, or a link' },
  {
    form: /^!!![ \t]+\w/g,
    message: 'has a block of MkDocs (!!!); write it as a quotation that starts with [!NOTE]',
  },
  {
    form: /^:{2,}[ \t]*[a-z]/gi,
    message:
      'has a block that begins with colons and is not one of the supported ones; write :::note[Title] … :::, or > [!NOTE]',
  },
]

/** In MDX braces contain program text, except the id of a heading, {#id}. */
const mdxRule: Rule = {
  form: /(?<!\\)\{(?![{%]|\/\*|#[^\s{}]+\}\s*$)/g,
  message: 'has an MDX expression in braces, which is not evaluated; write its value, or \\{ for the character',
}

const moduleForm =
  /^(?:import\s+(?:[\w*{][^'"\n]*\sfrom\s+)?['"]|export\s+(?:default|const|let|var|function|async|class|type|interface)\s|export\s+[{*])/

/** Refuses syntax of other publishing systems, by line. */
export function refuseForeignSyntax(
  tree: Root,
  source: string,
  { mdx }: { mdx: boolean },
  { problems }: Findings,
): void {
  const rules = mdx ? [...textRules, mdxRule] : textRules
  const seen = new Set<string>()
  const add = ({ line, message }: ProblemAt) => {
    if (seen.size === seen.add(`${line}\n${message}`).size) return
    problems.push({ line, message })
  }
  walk(tree, (node) => {
    if (node.type === 'text') {
      for (const found of matches(node, rawOf(node, source), rules)) add(found)
    } else if (mdx && node.type === 'attributeList') {
      add({ line: lineOf(node), message: mdxRule.message })
    } else if (node.type === 'paragraph' && moduleForm.test(rawOf(node, source))) {
      add({
        line: lineOf(node),
        message: 'has an MDX import or export; remove it, because components are not supported',
      })
    } else if (
      (node.type === 'link' || node.type === 'image' || node.type === 'definition') &&
      /\{[{%]/.test(node.url)
    ) {
      add({ line: lineOf(node), message: template })
    }
  })
}

function* matches(node: Nodes, raw: string, rules: readonly Rule[]): Generator<ProblemAt> {
  if (!/[{%!:]/.test(raw)) return
  for (const { form, message } of rules) {
    let line = lineOf(node)
    let from = 0
    for (const { index } of raw.matchAll(form)) {
      for (; from < index; from += 1) if (raw[from] === '\n') line += 1
      yield { line, message }
    }
  }
}
