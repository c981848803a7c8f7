import type { Literal, Nodes, Parents, PhrasingContent, Root, Text } from 'mdast'
import type { Extension as FromMarkdownExtension } from 'mdast-util-from-markdown'
import type { Code, Effects, Extension, State, TokenizeContext } from 'micromark-util-types'
import { parentsIn } from './nodes.ts'

/** Two equals signs that may begin or end a highlight, as in `==word==`. */
interface HighlightSign extends Literal {
  type: 'highlightSign'
  readonly opens: boolean
  readonly closes: boolean
}

/** Attributes of kramdown, Goldmark and markdown-it, with their braces: `{: .class}`, `{.class}`. */
interface AttributeList extends Literal {
  type: 'attributeList'
}

declare module 'mdast' {
  interface PhrasingContentMap {
    highlightSign: HighlightSign
    attributeList: AttributeList
  }
  interface RootContentMap {
    highlightSign: HighlightSign
    attributeList: AttributeList
  }
}

declare module 'micromark-util-types' {
  interface TokenTypeMap {
    highlightSign: 'highlightSign'
    attributeList: 'attributeList'
  }
}

const longestAttributeList = 300

/**
 * Tokenises highlight signs and attribute lists. As a part of the parser it respects escapes and skips code.
 */
export const highlightAndAttributeSyntax: Extension = {
  text: {
    61: { name: 'highlightSign', tokenize: tokenizeHighlightSign },
    123: { name: 'attributeList', tokenize: tokenizeAttributeList },
  },
}

export const highlightsAndAttributesFromMarkdown: FromMarkdownExtension = {
  enter: {
    highlightSign(token) {
      this.enter(
        { type: 'highlightSign', value: '==', opens: token._open === true, closes: token._close === true },
        token,
      )
    },
    attributeList(token) {
      this.enter({ type: 'attributeList', value: this.sliceSerialize(token) }, token)
    },
  },
  exit: {
    highlightSign(token) {
      this.exit(token)
    },
    attributeList(token) {
      this.exit(token)
    },
  },
}

/** Tokenises `==`. A comparison such as `a==b` is not a highlight sign, nor are three equals signs in a row. */
function tokenizeHighlightSign(this: TokenizeContext, effects: Effects, ok: State, nok: State): State {
  const { previous } = this
  const first: State = (code) => {
    if (previous === 61) return nok(code)
    effects.enter('highlightSign')
    effects.consume(code)
    return second
  }
  const second: State = (code) => {
    if (code !== 61) return nok(code)
    effects.consume(code)
    return after
  }
  const after: State = (code) => {
    if (code === 61) return nok(code)
    const token = effects.exit('highlightSign')
    token._open = !isWord(previous) && !isSpace(code)
    token._close = !isSpace(previous) && !isWord(code)
    return token._open || token._close ? ok(code) : nok(code)
  }
  return first
}

function tokenizeAttributeList(this: TokenizeContext, effects: Effects, ok: State, nok: State): State {
  let length = 0
  const first: State = (code) => {
    effects.enter('attributeList')
    effects.consume(code)
    return kind
  }
  const kind: State = (code) => {
    if (code !== 58 && code !== 46) return nok(code)
    effects.consume(code)
    return code === 58 ? inside : name
  }
  const name: State = (code) => (isWord(code) ? inside(code) : nok(code))
  const inside: State = (code) => {
    length += 1
    // Not a list: a line end or another brace.
    if (code === null || code < -2 || code === 123 || length > longestAttributeList) return nok(code)
    effects.consume(code)
    if (code !== 125) return inside
    effects.exit('attributeList')
    return ok
  }
  return first
}

const isSpace = (code: Code): boolean => code === null || code < 0 || /\s/u.test(String.fromCodePoint(code))
const isWord = (code: Code): boolean => code !== null && code > 0 && /\w/.test(String.fromCodePoint(code))

/** Turns the content between two highlight signs into a highlight. A single sign becomes text. */
export function shapeHighlights(tree: Root): void {
  for (const parent of parentsIn(tree)) {
    if (parent.children.some(({ type }) => type === 'highlightSign')) parent.children = shaped(parent.children)
  }
}

function shaped(children: Parents['children']): Parents['children'] {
  const result: Nodes[] = []
  let open: number | null = null
  for (const child of children) {
    const isSign = child.type === 'highlightSign'
    if (isSign && child.closes && open !== null && result.length > open + 1) {
      const [, ...inside] = result.splice(open) as PhrasingContent[]
      result.push({ type: 'emphasis', children: inside, data: { hName: 'mark' } })
      open = null
    } else {
      if (isSign && child.opens) open = result.length
      result.push(child)
    }
  }
  return joined(result) as Parents['children']
}

/** Turns unmatched signs into text and merges it with adjacent text, because later transforms match whole text nodes. */
function joined(nodes: readonly Nodes[]): Nodes[] {
  const result: Nodes[] = []
  for (const node of nodes) {
    const text = asText(node)
    const last = result.at(-1)
    if (text !== null && last?.type === 'text') {
      last.value += text.value
      if (last.position && text.position) last.position = { ...last.position, end: text.position.end }
    } else result.push(text ?? node)
  }
  return result
}

const asText = (node: Nodes): Text | null => {
  if (node.type === 'text') return { ...node }
  if (node.type !== 'highlightSign') return null
  return { type: 'text', value: node.value, ...(node.position && { position: node.position }) }
}
