import { GraphQLError, Kind, type ASTVisitor, type SelectionSetNode, type ValidationContext } from 'graphql'
import { limits } from './limits.ts'

/**
 * Counts what an operation selects once all fragments are spread: a few of them that spread each other several times make
 * millions. Apollo has this rule for what it answers (`maxRecursiveSelections`) and does not lend it.
 */
export function limitRecursiveSelections(context: ValidationContext): ASTVisitor {
  /** By fragment; 0 while it is being counted, so that a circle, which another rule refuses, ends here. */
  const counted = new Map<string, number>()

  function countFragment(name: string): number {
    const known = counted.get(name)
    if (known !== undefined) return known
    counted.set(name, 0)
    const fragment = context.getFragment(name)
    const count = fragment ? countIn(fragment.selectionSet) : 0
    counted.set(name, count)
    return count
  }

  function countIn({ selections }: SelectionSetNode): number {
    return selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return sum + 1 + countFragment(selection.name.value)
      return sum + 1 + (selection.selectionSet ? countIn(selection.selectionSet) : 0)
    }, 0)
  }

  return {
    OperationDefinition(node) {
      if (countIn(node.selectionSet) <= limits.recursiveSelections) return
      context.reportError(
        new GraphQLError(`The operation has more than ${limits.recursiveSelections} selections.`, { nodes: node }),
      )
    },
  }
}
