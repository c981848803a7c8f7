import { fromHtml } from 'hast-util-from-html'
import type { Element, ElementContent, Nodes as HastNodes } from 'hast'
import type { Root } from 'mdast'
import { mathFromMarkdown } from 'mdast-util-math'
import { math } from 'micromark-extension-math'
import type { Code, Construct, Extension, State, TokenizeContext, Effects } from 'micromark-util-types'
import temml from 'temml'
import { at, rawOf, walk, type Findings } from './nodes.ts'

const dollar = 36
/** Far longer than real formulas. The cost of a formula grows with its length. */
const longestFormula = 5000

/**
 * Parses `$…$` and `$$…$$`. A single dollar opens a formula only at the beginning of a word and before a non-space character. It
 * closes a formula only after a non-space character and not before a letter or digit. So prices and names of variables stay text.
 */
export function mathSyntax(): Extension {
  const { text, ...rest } = math()
  return { ...rest, text: { [dollar]: guarded(text?.[dollar] as Construct) } }
}

export { mathFromMarkdown }

function guarded(construct: Construct): Construct {
  return {
    ...construct,
    tokenize(effects, ok, nok) {
      const formula = construct.tokenize.call(this, effects, ok, nok)
      if (isWordCharacter(this.previous)) return nok
      return effects.check({ tokenize: looksLikeFormula, partial: true }, formula, nok)
    },
  }
}

/** Accepts the text between two dollars if it can be a formula. Accepts any text between several dollars. */
function looksLikeFormula(this: TokenizeContext, effects: Effects, ok: State, nok: State): State {
  let last: Code = null
  const start: State = (code) => {
    effects.enter('mathText')
    effects.consume(code)
    return first
  }
  const first: State = (code) => {
    if (code === dollar) return done(ok)(code)
    return isSpace(code) ? done(nok)(code) : inside(code)
  }
  const inside: State = (code) => {
    if (code === null) return done(nok)(code)
    effects.consume(code)
    if (code === dollar) return isSpace(last) ? done(nok) : after
    last = code
    return inside
  }
  const after: State = (code) => done(isWordCharacter(code) ? nok : ok)(code)
  const done =
    (next: State): State =>
    (code) => {
      effects.exit('mathText')
      return next(code)
    }
  return start
}

const isSpace = (code: Code): boolean => code === null || code < 0 || code === 32
const isWordCharacter = (code: Code): boolean =>
  code !== null && code > 0 && /[\p{L}\p{N}]/u.test(String.fromCodePoint(code))

/** Turns formulas into MathML, which browsers display without a script. An invalid formula is a problem. */
export function renderMath(tree: Root, source: string, { problems }: Findings): void {
  walk(tree, (node, _, parent) => {
    if (node.type !== 'inlineMath' && node.type !== 'math') return
    const alone = node.type === 'inlineMath' && parent?.type === 'paragraph' && parent.children.length === 1
    const display = node.type === 'math' || (alone && rawOf(node, source).startsWith('$$'))
    const element = formula(node.value, display)
    if (typeof element === 'string') problems.push(at(node, element))
    else node.data = { ...node.data, hName: 'math', hProperties: element.properties, hChildren: element.children }
  })
}

function formula(tex: string, displayMode: boolean): Element | string {
  if (tex.length > longestFormula) return `has a formula longer than ${longestFormula} characters`
  let mathml: string
  try {
    mathml = temml.renderToString(tex, { displayMode, throwOnError: true, maxExpand: 200, maxSize: [20, 200] })
  } catch (error) {
    if (error instanceof RangeError) throw error
    return 'has a formula that is not valid TeX; write \\$ for the character'
  }
  const [element] = fromHtml(mathml, { fragment: true }).children
  if (element?.type !== 'element' || element.tagName !== 'math') return 'has a formula that cannot be shown'
  colourByAttribute(element)
  element.properties = { ...element.properties, alttext: tex.replace(/\s+/g, ' ').trim() }
  return element
}

/** Replaces inline styles, which the page's policy forbids, by MathML attributes for colours. Drops other styles. */
function colourByAttribute(node: HastNodes): void {
  if (node.type === 'element') {
    const style = typeof node.properties.style === 'string' ? node.properties.style : ''
    const colour = /(?:^|;)\s*color:\s*(#[\da-f]{3,8})/i.exec(style)?.[1]
    const ground = /(?:^|;)\s*background-color:\s*(#[\da-f]{3,8})/i.exec(style)?.[1]
    const { style: _, ...kept } = node.properties
    node.properties = {
      ...kept,
      ...(colour !== undefined && { mathcolor: colour }),
      ...(ground !== undefined && { mathbackground: ground }),
    }
  }
  if ('children' in node) for (const child of node.children as ElementContent[]) colourByAttribute(child)
}
