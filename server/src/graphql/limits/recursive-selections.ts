import { GraphQLError, Kind, type ASTVisitor, type SelectionSetNode, type ValidationContext } from 'graphql'
import { limits } from './limits.ts'

/**
 * Limits the selected fields of an operation after all fragments are expanded. A few fragments that spread each other several times
 * select millions. Apollo has the same rule (`maxRecursiveSelections`) but does not export it for subscriptions.
 */
export function limitRecursiveSelections(context: ValidationContext): ASTVisitor {
  /** Counts by fragment, 0 while a fragment is being counted, so that a cycle ends. Another rule refuses cycles. */
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
