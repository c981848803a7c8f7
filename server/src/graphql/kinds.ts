import { GraphQLError, OperationTypeNode, type ASTVisitor, type ValidationContext } from 'graphql'

/** Where subscriptions are answered. */
export const streamPath = '/graphql/stream'

/**
 * The rule for where queries and mutations are answered. A subscription would be executed there as if it were a query: once,
 * past `subscribe` and what guards it.
 */
export function refuseSubscriptions(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      if (node.operation !== OperationTypeNode.SUBSCRIPTION) return
      context.reportError(new GraphQLError(`Subscriptions are answered at POST ${streamPath}.`, { nodes: node }))
    },
  }
}
