import ts from 'typescript'

/** A file's text without one guard. */
interface Mutant {
  /** The place, for people: `claim-checks.ts:45`. */
  readonly place: string
  /** The code before and after, in one line. It contains no line number, so equivalents.ts still matches after the file has grown. */
  readonly what: string
  readonly text: string
}

interface Edit {
  readonly node: ts.Node
  readonly becomes: string
}

/**
 * Returns a mutant for each guard of a source: a condition that is never or always true, an operand of `&&` or `||` that is removed,
 * a bound that is moved by one, a check that is removed from its list, a rule that becomes `allow`.
 */
export function mutantsOf(name: string, source: string): Mutant[] {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true)
  const edits: Edit[] = []
  const visit = (node: ts.Node): void => {
    edits.push(...editsOf(node, file))
    ts.forEachChild(node, visit)
  }
  visit(file)
  return edits.map(({ node, becomes }) => {
    const start = node.getStart(file)
    const { line } = file.getLineAndCharacterOfPosition(start)
    const was = inOneLine(node.getText(file))
    return {
      place: `${name}:${line + 1}`,
      what: becomes === '' ? `without ${was}` : `${was} → ${inOneLine(becomes)}`,
      text: source.slice(0, start) + becomes + source.slice(endOf(node, becomes, source)),
    }
  })
}

const inOneLine = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 100 ? `${line.slice(0, 97)}...` : line
}

/** Returns the end of the removed text. An item of a list is removed with its comma. */
const endOf = (node: ts.Node, becomes: string, source: string): number =>
  node.getEnd() + (becomes === '' && source[node.getEnd()] === ',' ? 1 : 0)

function editsOf(node: ts.Node, file: ts.SourceFile): Edit[] {
  if (ts.isIfStatement(node)) {
    return [{ node: node.expression, becomes: 'false' }]
  }
  if (ts.isConditionalExpression(node)) {
    return [
      { node, becomes: `(${node.whenTrue.getText(file)})` },
      { node, becomes: `(${node.whenFalse.getText(file)})` },
    ]
  }
  if (ts.isBinaryExpression(node)) return editsOfOperator(node, file)
  if (ts.isArrayLiteralExpression(node) && isListOfChecks(node)) {
    return node.elements.map((element) => ({ node: element, becomes: '' }))
  }
  if (ts.isPropertyAssignment(node) && isRule(node, file)) return [{ node: node.initializer, becomes: 'allow' }]
  return []
}

const otherBound = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
])
const both = new Set([ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken])

function editsOfOperator(node: ts.BinaryExpression, file: ts.SourceFile): Edit[] {
  const { left, right, operatorToken } = node
  const bound = otherBound.get(operatorToken.kind)
  if (bound) return [{ node, becomes: `${left.getText(file)} ${bound} ${right.getText(file)}` }]
  if (!both.has(operatorToken.kind)) return []
  return [
    { node, becomes: `(${left.getText(file)})` },
    { node, becomes: `(${right.getText(file)})` },
  ]
}

/** Returns whether a node is a list of checks such as `claimChecks`. */
const isListOfChecks = ({ parent }: ts.ArrayLiteralExpression): boolean =>
  ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) && /Checks$/.test(parent.name.text)

/** Returns whether a property is a gated field of a `RuleMap`. */
function isRule({ initializer, parent }: ts.PropertyAssignment, file: ts.SourceFile): boolean {
  if (ts.isObjectLiteralExpression(initializer) || ['allow', 'named'].includes(initializer.getText(file))) return false
  for (let node: ts.Node = parent; !ts.isSourceFile(node); node = node.parent) {
    if (ts.isVariableDeclaration(node)) return node.type?.getText(file) === 'RuleMap'
  }
  return false
}
